"""The auditor's story as docs/how-to/auditor.md tells it: from a question to a signed file that is checked on another
machine. What is run is what the page shows; only the pilot, the address and the keys are this test's."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from nzc_api.working_papers.verifying import verify
from tests.documents import ROOT, text_of
from tests.served import NZC
from tests.working_papers.papering import Papers, table

HEADING = "## From a question to a file that is checked elsewhere\n"

# A machine without a network: whoever opens a socket fails. Beside a script others are found, as when it is run itself.
NO_NETWORK = (
    "import socket, runpy, sys; del socket.socket; sys.argv = sys.argv[1:]; sys.path.insert(0, '.'); "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def told() -> tuple[str, list[str]]:
    """The query of the page's section, and its commands."""
    section = text_of("docs/how-to/auditor.md").partition(HEADING)[2].partition("\n## ")[0]
    [query] = re.findall(r"```graphql\n(.*?)```", section, re.DOTALL)
    return query, re.findall(r"^ {4}((?:nzc|python) .*)$", section, re.MULTILINE)


async def run(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "NZC" not in name}
    return await asyncio.to_thread(
        lambda: subprocess.run(
            command, capture_output=True, text=True, cwd=folder, env=environment, check=False
        )
    )


async def test_from_a_question_to_a_file_that_is_checked_elsewhere(
    pilot_papers: Papers, tmp_path: Path
) -> None:
    query, commands = told()
    auditor, key = pilot_papers.given.world.auditor, await pilot_papers.given.verifier()
    asked = await auditor.ask(query.replace("DEMO-BUILDING", pilot_papers.pilot["code"]))
    net = asked["pilot"]["netEmissions"]
    [take, *checks] = [
        shlex.split(
            command.replace("DEMO-BUILDING", pilot_papers.pilot["code"])
            .replace("https://nzc.example", str(auditor.http.base_url).rstrip("/"))
            .replace("nzc_…", auditor.secret or "")
            .replace("nzc/f8e65c1045f240e+9838ef22+AbC…", key)
        )
        for command in commands
    ]
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    done = await run(here, [str(NZC), *take[1:]])
    assert done.returncode == 0, done.stderr
    content = (here / "evidence.zip").read_bytes()
    assert verify(content).statement["netCo2e"] == net["netCo2e"]
    answered = [
        (one["position"], one["registryReference"] or "", one["quantity"], one["quantityInForce"])
        for one in net["purchasedReductions"]["retirements"]["nodes"]
    ]
    shown = [
        (row["position"], row["registryReference"].lstrip("'"), row["quantity"], row["quantityInForce"])
        for row in table(content, "retirements")
    ]  # fmt: skip
    assert shown == answered
    for script in ("verify_log.py", "verify_evidence.py"):
        (elsewhere / script).write_bytes((ROOT / "examples" / script).read_bytes())
    assert [check[0] for check in checks] == ["nzc", "python"]
    programs = {"nzc": [str(NZC)], "python": [sys.executable, "-I", "-c", NO_NETWORK]}
    for held, forged in ((content, False), (content.replace(b"900.125000", b"800.125000"), True)):
        (elsewhere / "evidence.zip").write_bytes(held)
        for program, *arguments in checks:
            done = await run(elsewhere, [*programs[program], *arguments])
            assert done.returncode == int(forged), done.stderr
            assert (net["netCo2e"] in done.stdout) != forged
            assert ("lines.csv" in done.stderr) == forged
