import certifi
import pytest

from mxwalk.errors import UsageError
from mxwalk.tls import store as store_module
from mxwalk.tls.store import LoadedStore, load_store
from tests.hostile import HOSTILE
from tests.tls.pki import pki


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)


def test_certifi_is_loaded_by_name() -> None:
    store = load_store("certifi")
    assert store.evidence.kind == "certifi"
    assert store.evidence.path == certifi.where()
    assert store.evidence.roots > 50


def test_the_first_bundle_of_the_system_is_used(monkeypatch, tmp_path) -> None:
    bundle = tmp_path / "bundle.crt"
    bundle.write_bytes(pki().root.pem * 2)
    monkeypatch.setattr(store_module, "_BUNDLES", (str(tmp_path / "none"), str(bundle)))
    evidence = load_store("system").evidence
    assert (evidence.kind, evidence.path, evidence.roots) == ("system", str(bundle), 2)


def test_a_system_without_bundle_falls_back_to_certifi_and_says_so(monkeypatch, tmp_path) -> None:
    empty = tmp_path / "empty.crt"
    empty.write_bytes(b"")
    monkeypatch.setattr(store_module, "_BUNDLES", (str(tmp_path / "none"), str(empty)))
    assert load_store("system").evidence.kind == "certifi"


def test_ssl_cert_file_names_the_systems_store(monkeypatch, tmp_path) -> None:
    bundle = tmp_path / "named.pem"
    bundle.write_bytes(pki().root.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    evidence = load_store("system").evidence
    assert (evidence.kind, evidence.path, evidence.roots) == ("system", str(bundle), 1)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    with pytest.raises(UsageError, match="does not exist"):
        load_store("system")


def test_a_file_with_text_around_its_certificates_is_taken(tmp_path) -> None:
    file = tmp_path / "roots.pem"
    file.write_bytes(b"# my roots\r\n" + pki().root.pem.replace(b"\n", b"\r\n") + b"\nend\n")
    evidence = load_store(str(file)).evidence
    assert (evidence.kind, evidence.path, evidence.roots) == ("file", str(file), 1)


def test_a_directory_of_pem_files_is_taken_and_links_count_once(tmp_path) -> None:
    (tmp_path / "a.pem").write_bytes(pki().root.pem)
    (tmp_path / "b.crt").write_bytes(pki().intermediate.pem)
    (tmp_path / "notes.txt").write_bytes(pki().leaf.pem)
    (tmp_path / "link.pem").symlink_to(tmp_path / "a.pem")
    assert load_store(str(tmp_path)).evidence.roots == 2


@pytest.mark.parametrize("content", HOSTILE)
def test_a_file_without_certificates_is_refused(tmp_path, content) -> None:
    file = tmp_path / "hostile.pem"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="holds no PEM certificate"):
        load_store(str(file))


def test_a_file_with_an_unreadable_certificate_is_refused_by_its_number(tmp_path) -> None:
    file = tmp_path / "broken.pem"
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    file.write_bytes(pki().root.pem + broken)
    with pytest.raises(UsageError, match="certificate 2 in it is unreadable"):
        load_store(str(file))


def test_a_missing_file_an_empty_directory_and_no_choice_are_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        load_store(str(tmp_path / "none.pem"))
    with pytest.raises(UsageError, match="holds no PEM certificate"):
        load_store(str(tmp_path))
    with pytest.raises(UsageError, match="no trust store is named"):
        load_store("")
    with pytest.raises(UsageError, match="does not exist"):
        load_store("x\x00y")


def test_a_file_beyond_the_limit_is_refused(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(store_module, "TRUST_STORE_BYTES", 1_000)
    file = tmp_path / "long.pem"
    file.write_bytes(pki().root.pem * 5)
    with pytest.raises(UsageError, match="longer than 1000 bytes"):
        load_store(str(file))


def test_the_labs_store_is_made_of_pem() -> None:
    store = LoadedStore.from_pem("lab", "pkix-good", pki().root.pem)
    assert (store.evidence.kind, store.evidence.path, store.evidence.roots) == (
        "lab",
        "pkix-good",
        1,
    )
    assert "BEGIN" not in repr(store)
