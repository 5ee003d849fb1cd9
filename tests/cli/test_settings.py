"""Settings: flag, environment, project file, user file, default - in this order."""

import os
from pathlib import Path

import pytest

from poise.cli import settings
from poise.model.errors import UsageError


def value(name: str, environment: dict[str, str] | None = None) -> settings.Value:
    return settings.load(Path.cwd(), environment or {})[name]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_nearer_place_wins(poise):
    assert value("aws.profile") == settings.Value(None, "default")

    user = write(settings.user_file(), 'aws.profile = "user"')
    assert value("aws.profile") == settings.Value("user", str(user))

    project = write(Path.cwd() / "poise.toml", '[aws]\nprofile = "project"')
    assert value("aws.profile") == settings.Value("project", str(project))

    environment = {"POISE_AWS_PROFILE": "environment"}
    assert value("aws.profile", environment) == settings.Value("environment", "environment POISE_AWS_PROFILE")


def test_a_flag_wins_over_the_environment(poise, monkeypatch, tmp_path):
    monkeypatch.setenv("POISE_DB", str(tmp_path / "environment.db"))
    poise("db", "upgrade", "--db", tmp_path / "flag.db")

    assert (tmp_path / "flag.db").exists()
    assert not (tmp_path / "environment.db").exists()


def test_the_project_file_may_stand_above_the_current_folder(monkeypatch):
    write(Path.cwd() / "poise.toml", 'fail_on = "high"')
    (Path.cwd() / "deep").mkdir()
    monkeypatch.chdir("deep")

    assert value("fail_on").value == "high"


def test_a_table_of_pyproject_is_a_project_file():
    write(Path.cwd() / "pyproject.toml", "[tool.poise]\ngentle = true")

    assert value("gentle").value is True


def test_a_pyproject_of_another_tool_is_passed_by():
    write(Path.cwd() / "pyproject.toml", "[tool.other]\nx = 1")
    write(Path.cwd().parent / "poise.toml", "gentle = true")

    assert value("gentle").value is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[aws]\nprofil = "x"', "aws.profile"),
        ('fial_on = "high"', "fail_on"),
        ("[server]\nport = 1", "serve.port"),
    ],
)
def test_an_unknown_key_is_an_error_with_a_suggestion(text, words):
    write(Path.cwd() / "poise.toml", text)

    with pytest.raises(UsageError) as caught:
        value("db")
    assert words in caught.value.do or "--config" in caught.value.do


@pytest.mark.parametrize(
    "text", ['serve.port = "80"', "gentle = 1", 'aws.region = "eu-west-1"', 'fail_on = "severe"', "db = 3"]
)
def test_a_value_of_a_wrong_kind_is_an_error_that_names_the_place(text, poise):
    write(Path.cwd() / "poise.toml", text)
    result = poise("score")

    assert result.code == 2
    assert "poise.toml" in result.err


def test_a_broken_file_is_an_error_that_names_it(poise):
    write(Path.cwd() / "poise.toml", "db = ")

    assert "poise.toml is not valid TOML" in poise("score").err


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("aws.region", "eu-west-1, us-east-1", ("eu-west-1", "us-east-1")),
        ("gentle", "yes", True),
        ("gentle", "0", False),
        ("serve.port", "80", 80),
    ],
)
def test_the_environment_holds_texts_of_every_kind(name, text, expected):
    variable = settings.BY_NAME[name].variable

    assert value(name, {variable: text}).value == expected


def test_a_wrong_text_of_the_environment_names_the_variable(poise, monkeypatch):
    monkeypatch.setenv("POISE_GENTLE", "perhaps")

    assert "environment POISE_GENTLE" in poise("score").err


def test_doctor_shows_each_value_with_its_origin(poise, monkeypatch):
    monkeypatch.setenv("POISE_AWS_PROFILE", "audit")
    rows = {row["setting"]: row for row in poise("doctor", "--config", "-o", "json").json}

    assert rows["aws.profile"]["value"] == "audit"
    assert rows["aws.profile"]["origin"] == "environment POISE_AWS_PROFILE"
    assert rows["serve.port"]["origin"] == "default"
    assert set(rows) == set(settings.BY_NAME)


def test_doctor_shows_no_password_and_no_token(poise, monkeypatch):
    monkeypatch.setenv("POISE_DB", "postgresql://me:hunter2@host/name")
    monkeypatch.setenv("POISE_AZURE_TOKEN", "eyJhbGciOi")
    out = poise("doctor", "--config", "-o", "json").out

    assert "hunter2" not in out
    assert "eyJhbGciOi" not in out
    assert "postgresql://me:***@host/name" in out


def test_parameters_of_checks_are_validated(poise):
    write(Path.cwd() / "poise.toml", '[parameters."aws.s3.versioning_off"]\nmax_age_days = 3')
    assert "no parameter" in poise("score").err

    write(Path.cwd() / "poise.toml", '[parameters."aws.s3.nonsense"]\nx = 3')
    assert "There is no check" in poise("score").err

    write(Path.cwd() / "poise.toml", '[scopes."111122223333"]\nx = 3')
    assert "It takes `parameters`" in poise("score").err


def test_the_data_folder_may_be_set(poise, tmp_path):
    poise("db", "upgrade", "--data-dir", tmp_path / "here")

    assert (tmp_path / "here" / "poise.db").exists()


def test_the_default_store_is_in_the_data_folder_of_the_platform(poise):
    poise("db", "upgrade")

    assert Path(os.environ["XDG_DATA_HOME"], "poise", "poise.db").exists()
