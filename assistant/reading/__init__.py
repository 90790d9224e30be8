"""Where the answer is: passages read, sentences selected, documents summarized."""
