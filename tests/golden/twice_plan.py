"""The plan of tests that publish a district twice: one questionnaire, and three tiers if wanted."""

HEAD = """format: psyscreen/plan/1
id: twice
wave: 2026-autumn
as_of: 2026-10-15
identity: {output: plain}
inputs:
  responses:
    encoding: utf-8
    columns: {student: id, school: school, grade: grade, class: class, sex: sex}
    items: {phq9: "P{n}"}
    codes: {sex: {m: male, f: female}}
  roster:
    encoding: utf-8
    columns: {student: id, school: school, grade: grade, class: class, sex: sex}
    codes: {sex: {m: male, f: female}}
uses: {phq9: {instrument: phq9, edition: "2001", informant: self}}
batteries: [{id: all, uses: [phq9]}]
"""
TIERS = """tiers:
  scheme: three_first_worst
  rules:
    - {id: top, rank: 3, when: 'phq9.total >= 20', text: {zh: 最高, en: top}}
    - {id: high, rank: 2, when: 'phq9.total >= 15', text: {zh: 高, en: high}}
    - {id: low, rank: 1, when: 'phq9.total >= 8', text: {zh: 低, en: low}}
duty: {urgent: {hours: 24}, review: {hours: 72}}
"""
