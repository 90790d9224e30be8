"""Does a passage support a written sentence?"""
