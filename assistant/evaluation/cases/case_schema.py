"""Write ``cases.schema.json``: run ``python -m assistant.evaluation.cases.case_schema`` after a change."""

import json
from pathlib import Path

from assistant.evaluation.cases.case_model import cases_schema

SCHEMA_FILE = Path(__file__).with_name("cases.schema.json")

if __name__ == "__main__":
    text = json.dumps(cases_schema(), indent=2, ensure_ascii=False)
    SCHEMA_FILE.write_text(f"{text}\n", encoding="utf-8")
