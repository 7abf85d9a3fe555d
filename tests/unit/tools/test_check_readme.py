"""The README's examples are found, run in order, and a failing one is a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check import readme

PAGE = """# Page
```python
x = 1
```
```python
assert x == {value}
```
```console
$ python -c "import sys; \\
    sys.exit({code})"
what it prints
$ adsim app
$ make run
```
<!-- not run: it needs a network -->
```console
$ python no_such_file.py
```
"""


@pytest.mark.parametrize(
    ("value", "code", "expected", "said"),
    [(1, 0, 0, "2 of 2"), (2, 0, 1, "line 6, in <module>"), (1, 3, 1, "page.md:9")],
    ids=["all work", "python fails", "command fails"],
)
def test_a_page_is_as_good_as_its_examples(
    value: int, code: int, expected: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE.format(value=value, code=code), encoding="utf-8")
    assert readme.main([str(page)]) == expected
    assert said in capsys.readouterr().out


def test_a_page_without_examples_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n", encoding="utf-8")
    assert readme.main([str(page)]) == 1
    assert "no python example" in capsys.readouterr().err
    assert readme.main([str(tmp_path / "nothing.md")]) == 1


def test_our_own_commands_are_run_and_no_others() -> None:
    blocks = list(readme.blocks_of(PAGE.format(value=1, code=0)))
    assert [command.line for command in readme.commands_of(blocks)] == [9]
    assert not readme.is_ours("git clone somewhere")
    assert not readme.is_ours("adsim app")
    assert readme.is_ours("adsim curve scenarios/baker_pau.json --json | head")
