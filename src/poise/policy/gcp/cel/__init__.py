"""The Common Expression Language, as far as conditions of Google Cloud use it.

Source: github.com/google/cel-spec, "Language Definition", and Google Cloud's "Attribute reference for IAM
Conditions". Parsing and evaluation are bounded; nothing is raised: what cannot be understood or fails is a value.

- ``parse(text: str) -> Expression`` (``.node`` or ``.problem``)
- ``judge(node, facts: Facts) -> Judged`` (``.true``, ``.false``: three-valued; neither holds where it fails)
- ``evaluate(node, facts: Facts) -> value | Failure | Unknown``
- ``Facts``: the attributes that are known, and which names may be known later
"""
