"""What a newcomer meets first: a sentence without Django, a private folder, no environment of others emptied."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

from tests.config.test_environment import GOOD, ROOT


def test_without_django_manage_says_what_to_do_in_one_sentence():
    done = subprocess.run(
        [sys.executable, "-S", "manage.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "make setup" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def copy_start(folder: Path):
    for name in ("config/settings.py", "config/environment.py", "config/setup.sh"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "config" / "__init__.py").write_text("")


def test_the_folder_of_rows_and_mails_is_private_from_the_start(tmp_path):
    copy_start(tmp_path)
    subprocess.run([sys.executable, "-c", "import config.settings"], cwd=tmp_path, env=GOOD, check=True)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_setup_empties_no_environment_of_another_checkout(tmp_path):
    copy_start(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "kept").write_text("")
    (tmp_path / ".venv").symlink_to(tmp_path / "other")
    (tmp_path / "var").mkdir(mode=0o755)
    done = subprocess.run(["bash", "config/setup.sh", "run"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "is a link" in done.stderr
    assert (tmp_path / "other" / "kept").exists()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
