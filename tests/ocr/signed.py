"""Made PDFs, and signatures on them by people and authorities that do not exist."""

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

SIGNER, OFFICE = "Lý Thị Mẫu", "Sở Thử Nghiệm"
AUTHORITY, STRANGER = "Cơ quan chứng thực mẫu", "Cơ quan khác"
_BEGIN, _END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


Identity = tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _subject(name: str) -> x509.Name:
    parts = {NameOID.COMMON_NAME: name, NameOID.ORGANIZATION_NAME: OFFICE}
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts.items()])


@cache
def _certificate(name: str, issuer: str, *, stamps: bool = False) -> x509.Certificate:
    root = name == issuer
    builder = (
        x509.CertificateBuilder()
        .subject_name(_subject(name))
        .issuer_name(_subject(issuer))
        .public_key(_key(name).public_key())
        .serial_number(len(name))
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(_key(name).public_key()), critical=False)
        .add_extension(_usage(root=root), critical=True)
    )
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(_key(issuer), hashes.SHA256())


def _usage(*, root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not root,
        content_commitment=not root,
        key_cert_sign=root,
        crl_sign=root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def identity(name: str, *, stamps: bool = False) -> Identity:
    """Return the certificate that ``AUTHORITY`` gave somebody, and the key; one that stamps does nothing else."""
    certificate = _certificate(name, AUTHORITY, stamps=stamps).public_bytes(serialization.Encoding.DER)
    key = _key(name).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return asn1_x509.Certificate.load(certificate), asn1_keys.PrivateKeyInfo.load(key)


def trust_root(folder: Path, authority: str) -> Path:
    """Write the certificate of an authority into a file."""
    path = folder / "root.crt"
    path.write_bytes(_certificate(authority, authority).public_bytes(serialization.Encoding.PEM))
    return path


def pdf(pages: int = 1, *, password: str | None = None, rotate: int = 0) -> bytes:
    """Return a PDF of A5 pages with a line of text."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for number in range(1, pages + 1):
            page = made.add_blank_page(page_size=(420, 595))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = made.make_stream(f"BT /F1 20 Tf 40 500 Td (Page {number} of a paper) Tj ET".encode())
            page.Rotate = rotate
        lock = pikepdf.Encryption(owner="owner", user=password) if password is not None else None
        made.save(out, encryption=lock or False, static_id=lock is None)
    return out.getvalue()


def sign(
    content: bytes,
    *,
    field: str = "Signature1",
    box: tuple[int, int, int, int] | None = None,
    password: str | None = None,
) -> bytes:
    """Return the PDF with one more signature by ``SIGNER``, visible where a box is given."""
    certificate, key = identity(SIGNER)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    if password is not None:
        writer.encrypt(password)  # type: ignore[no-untyped-call]
    signer = signers.SimpleSigner(certificate, key, SimpleCertificateStore())  # type: ignore[no-untyped-call]
    spec = fields.SigFieldSpec(field, on_page=0, box=box)
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    out = signers.PdfSigner(meta, signer, new_field_spec=spec).sign_pdf(writer)
    return bytes(out.getbuffer())


def stamp(content: bytes) -> bytes:
    """Return the PDF with one more time stamp of the whole document."""
    certificate, key = identity("Đồng hồ mẫu", stamps=True)
    moment = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    stamper = signers.PdfTimeStamper(DummyTimeStamper(certificate, key, fixed_dt=moment), field_name="Stamp")
    out = stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), "sha256")
    return bytes(out.getbuffer())


def turned_later(content: bytes) -> bytes:
    """Return the PDF with its first page turned by an update after whatever is in it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Rotate")] = NumberObject(90)  # type: ignore[no-untyped-call]
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()
