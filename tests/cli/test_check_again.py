"""`poise check-again`: an export is read again from its file, and what is gone says so."""


def test_an_export_that_changed_is_judged_again_and_one_that_is_gone_says_so(poise, tmp_path, estate):
    db = ("--db", str(tmp_path / "p.db"))
    assert poise("scan", "files", str(estate), *db).code == 0
    result = poise("check-again", "aws.s3.versioning_off", "-o", "json", *db)
    assert result.code == 0
    assert result.json["turned"] == []
    assert "read again" in result.err
    estate.unlink()
    result = poise("check-again", "aws.s3.versioning_off", *db)
    assert result.code == 2
    assert "is gone" in result.err
    assert poise("check-again", "nothing", *db).code == 2
