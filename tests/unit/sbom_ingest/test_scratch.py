"""What a killed process left in the scratch folder goes; what is in use stays."""

import os
from pathlib import Path

from sbom_ingest.adapters.scratch import sweep


def test_old_files_and_folders_go_and_young_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "upload-old").write_bytes(b"half a document")
    (tmp_path / "reading-old").mkdir()
    (tmp_path / "reading-old" / "inventory").write_bytes(b"")
    (tmp_path / "upload-young").write_bytes(b"being received")
    for old in ("upload-old", "reading-old"):
        os.utime(tmp_path / old, (1_000, 1_000))

    sweep(tmp_path, before=2_000)

    assert [each.name for each in tmp_path.iterdir()] == ["upload-young"]
