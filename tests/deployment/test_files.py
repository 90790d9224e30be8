"""The files for deployment agree with the product, and with the programs that read them.

No Docker runs where these tests do, so that the image itself is built by hand.
"""

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assistant import Settings
from assistant.cli.commands import app
from tests.conftest import REPOSITORY
from tests.postgres_server import PostgresServer

DEPLOY = REPOSITORY / "deploy"
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")


def load(path: Path) -> list[Any]:
    return list(YAML(typ="safe").load_all(path.read_text(encoding="utf-8")))


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [
        line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(name)
    ]


def test_the_image_has_every_file_that_the_wheel_is_built_from() -> None:
    copied = {word for line in instructions("COPY ") for word in line.split()[:-1]}
    sources = {word for word in copied if not word.startswith(("-", "/"))}
    ignored = (REPOSITORY / ".dockerignore").read_text().split()
    assert all((REPOSITORY / source).exists() for source in sources)
    assert sources == {line[1:] for line in ignored if line.startswith("!")}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert {project["readme"], *project["license-files"], "pyproject.toml"} <= sources
    (extras,) = re.findall(r"ARG EXTRAS=(\S+)", DOCKERFILE)
    assert set(extras.split(",")) <= project["optional-dependencies"].keys()


def test_the_image_runs_without_rights_and_is_probed() -> None:
    (user,) = instructions("USER ")
    assert user == "10001:10001"
    (probe,) = instructions("HEALTHCHECK ")
    assert f"127.0.0.1:{Settings().port}/healthz" in probe
    assert instructions("EXPOSE ") == [str(Settings().port)]


def test_compose_starts_the_image_with_a_read_only_root() -> None:
    (compose,) = load(REPOSITORY / "compose.yaml")
    service = compose["services"]["assistant"]
    assert service["read_only"] is True
    assert service["ports"] == [f"127.0.0.1:{Settings().port}:{Settings().port}"]
    places = {volume.split(":")[1] for volume in service["volumes"]}
    assert places == set(re.findall(r"ASSISTANT_(?:CORPUS|INDEX)=(\S+)", DOCKERFILE))


def test_compose_passes_on_what_a_model_and_a_proxy_need() -> None:
    (compose,) = load(REPOSITORY / "compose.yaml")
    passed_on = set(compose["services"]["assistant"]["environment"])
    page = (REPOSITORY / "docs" / "deployment.md").read_text(encoding="utf-8")
    (assigned,) = re.findall(r"\n(.*\\\n) *docker compose --profile model up", page)
    values = dict(word.split("=") for word in assigned.rstrip("\\\n").split())
    assert values.keys() == {"ASSISTANT_CHAT_MODEL", "ASSISTANT_CHAT_MODEL_BASE_URL"}
    head = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").partition("limit_req_zone")[0]
    assert passed_on >= values.keys() | set(re.findall(r"ASSISTANT_[A-Z_]+", head))
    command = compose["services"]["model"]["command"]
    port = command[command.index("--port") + 1]
    assert values["ASSISTANT_CHAT_MODEL_BASE_URL"] == f"http://model:{port}/v1"


def test_kubernetes_probes_what_the_server_has() -> None:
    _, deployment, service = load(DEPLOY / "kubernetes.yaml")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["ports"][0]["containerPort"] == Settings().port
    assert {container[probe]["httpGet"]["path"] for probe in container if "Probe" in probe} == {
        "/healthz",
        "/readyz",
    }
    assert service["spec"]["selector"] == deployment["spec"]["template"]["metadata"]["labels"]
    volumes = {volume["name"] for volume in deployment["spec"]["template"]["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes


@pytest.mark.parametrize(
    "path", ["Dockerfile", "compose.yaml", *(f"deploy/{path.name}" for path in DEPLOY.iterdir())]
)
def test_every_setting_that_is_named_exists(path: str) -> None:
    for name in re.findall(r"ASSISTANT_([A-Z_]+[A-Z])", (REPOSITORY / path).read_text()):
        assert name == "NAME" or name.lower() in Settings.model_fields, name


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd on this machine")
    unit = (DEPLOY / "assistant.service").read_text(encoding="utf-8")
    path = tmp_path / "assistant.service"
    path.write_text(unit.replace("/opt/assistant/bin/assistant", "/bin/true"), encoding="utf-8")
    ran = subprocess.run([program, "verify", path], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_caddy_understands_the_site() -> None:
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("no Caddy on this machine")
    command = [program, "adapt", "--config", str(DEPLOY / "Caddyfile"), "--validate"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile", "kubernetes.yaml"])
def test_a_file_with_a_name_for_browsers_has_the_setting_that_lets_them_in(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    values = re.findall(r"ASSISTANT_HOSTS(?:=|, value: )([\w.]+)", text)
    assert values == ["assistant.example.org"]
    assert len(re.findall(r"\bassistant\.example\.org\b", text)) > 1


def test_compose_with_postgres_names_settings_and_the_servers_of_its_proxy() -> None:
    (compose,) = load(DEPLOY / "compose-postgres.yaml")
    services = compose["services"]
    servers = re.findall(r"server ([\w-]+):7860", (DEPLOY / "nginx-two-servers.conf").read_text())
    assert servers == ["server-1", "server-2"]
    commands = {
        command.callback.__name__ for command in app.registered_commands if command.callback
    }
    for name in (*servers, "ingestion", "worker"):
        service = services[name]
        assert service["command"][0] in commands
        assert (service["command"] == ["serve"]) != (
            "healthcheck" in service
        )  # the image probes a server
        assert service["read_only"] is True
        fields = {
            variable.removeprefix("ASSISTANT_").lower() for variable in service["environment"]
        }
        assert fields <= Settings.model_fields.keys()
        assert service["environment"]["ASSISTANT_DATABASE"].startswith("postgresql://")
    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["worker"]["volumes"] == services["ingestion"]["volumes"]  # the same documents
    assert services["proxy"]["ports"] == [f"127.0.0.1:{Settings().port}:80"]
    assert services["database"]["image"].startswith("pgvector/pgvector:")


def test_the_copy_into_the_database_of_compose_reaches_both() -> None:
    """No Docker runs here: the command is compared with the files that it is about."""
    page = (REPOSITORY / "docs" / "deployment.md").read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = (line for line in page.splitlines() if line.startswith("docker") and "--to" in line)
    words = shlex.split(line)
    place = words.index("copy")
    (compose,) = load(REPOSITORY / words[words.index("--file") + 1])
    service = compose["services"][words[place - 1]]
    address = re.sub(r"\{(\w+):.*?\}", r"\1", service["environment"]["ASSISTANT_DATABASE"])
    assert words[place:] == ["copy", "--to", address]
    callbacks = (command.callback for command in app.registered_commands)
    assert "copy" in {getattr(callback, "__name__", "") for callback in callbacks}
    volume, _, folder = words[words.index("--volume") + 1].partition(":")
    (embedded,) = load(REPOSITORY / "compose.yaml")
    assert volume.split("_")[-1] in embedded["volumes"]
    assert f"ASSISTANT_INDEX={folder}" in DOCKERFILE
    assert words[words.index("--env") + 1] == "ASSISTANT_DATABASE="


def test_compose_with_postgres_has_connections_for_twice_its_workers() -> None:
    (compose,) = load(DEPLOY / "compose-postgres.yaml")
    services = compose["services"]
    servers = [name for name in services if name.startswith("server-")]
    workers = 2 * services["worker"]["deploy"]["replicas"]
    wanted = len(servers) * (Settings().concurrency + 30) + (workers + 1) * 8
    (given,) = re.findall(r"max_connections=(\d+)", " ".join(services["database"]["command"]))
    assert wanted + 10 < int(given)


def test_compose_with_postgres_shares_the_database_and_the_documents_alone() -> None:
    (compose,) = load(DEPLOY / "compose-postgres.yaml")
    assert list(compose["volumes"]) == ["database"]
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", ())) <= compose["services"].keys()
        if service["image"] == "assistant":
            assert [volume.split(":")[1:] for volume in service["volumes"]] == [
                ["/data/documents", "ro"]
            ], name


def test_compose_names_settings_and_options_that_postgres_has(
    postgres_server: PostgresServer,
) -> None:
    (compose,) = load(DEPLOY / "compose-postgres.yaml")
    database = compose["services"]["database"]
    program, *arguments = database["command"]
    assert program == "postgres"
    for option, setting in zip(arguments[::2], arguments[1::2], strict=True):
        assert option == "-c"
        name, _, value = setting.partition("=")
        postgres_server.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        postgres_server.execute(f"ALTER SYSTEM RESET {name}")
    kind, probe, *options = database["healthcheck"]["test"]
    assert kind == "CMD"
    helped = subprocess.run(
        [postgres_server.program(probe), "--help"], capture_output=True, text=True, check=True
    )
    assert all(option in helped.stdout for option in options[::2])


@pytest.mark.parametrize(
    "package", ["make", "chromium", "nginx-light", "redis-server", "postgresql"]
)
def test_ci_installs_the_programs_without_which_tests_are_skipped(package: str) -> None:
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert f"|| missing+=({package})" in script
