"""What a password-protected workbook holds (ECMA-376 agile encryption, [MS-OFFCRYPTO] 2.3.4.10 and [MS-CFB]), read here with the
standard library and the AES of libcrypto: nothing of it is psyscreen's.  tests/reference/encryption holds the format to the bit;
this is for tests that open many."""
import base64
import ctypes
import ctypes.util
import hashlib
import hmac
import struct
import xml.etree.ElementTree as ElementTree

FREE = 0xFFFFFFF0  # from here on sector numbers are signs
_crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for _name, _out in (("EVP_CIPHER_CTX_new", ctypes.c_void_p), ("EVP_aes_256_cbc", ctypes.c_void_p)):
    getattr(_crypto, _name).restype = _out


def decrypt(key, iv, data):
    """AES-256-CBC without padding."""
    out, n = ctypes.create_string_buffer(len(data) + 32), ctypes.c_int(0)
    context = ctypes.c_void_p(_crypto.EVP_CIPHER_CTX_new())
    cipher = ctypes.c_void_p(_crypto.EVP_aes_256_cbc())
    if not (_crypto.EVP_DecryptInit_ex(context, cipher, None, key, iv) == 1 and _crypto.EVP_CIPHER_CTX_set_padding(context, 0) == 1 and
            _crypto.EVP_DecryptUpdate(context, out, ctypes.byref(n), data, len(data)) == 1 and n.value == len(data)):
        raise ValueError("libcrypto does not decrypt")
    _crypto.EVP_CIPHER_CTX_free(context)
    return out.raw[:len(data)]


def streams(data):
    """The streams of a compound file of version 3: name -> bytes."""
    if data[:8] != bytes.fromhex("d0cf11e0a1b11ae1") or struct.unpack_from("<H", data, 30)[0] != 9:
        raise ValueError("no compound file")

    def sector(i):
        part = data[512 * (i + 1):512 * (i + 2)]
        if len(part) < 512:
            raise ValueError("the compound file ends early")
        return part

    fats = [i for i in struct.unpack_from("<109I", data, 76) if i < FREE]
    further, n_further = struct.unpack_from("<2I", data, 68)
    for _ in range(n_further):
        numbers = struct.unpack("<128I", sector(further))
        fats += [i for i in numbers[:127] if i < FREE]
        further = numbers[127]
    fat = [n for i in fats for n in struct.unpack("<128I", sector(i))]

    def chain(first, table, read):
        parts, seen = [], set()
        while first < FREE:
            if first in seen:
                raise ValueError("a chain of sectors has a loop")
            seen.add(first)
            parts.append(read(first))
            first = table[first]
        return b"".join(parts)

    directory = chain(struct.unpack_from("<I", data, 48)[0], fat, sector)
    cutoff, mini_first = struct.unpack_from("<2I", data, 56)
    mini_fat = [n for (n,) in struct.iter_unpack("<I", chain(mini_first, fat, sector))]
    found, root = {}, b""
    for at in range(0, len(directory), 128):
        entry = directory[at:at + 128]
        name = entry[:max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
        first, size = struct.unpack_from("<IQ", entry, 116)
        if entry[66] == 5:
            root = chain(first, fat, sector)
        elif entry[66] == 2:
            found[name] = (chain(first, mini_fat, lambda i: root[64 * i:64 * i + 64]) if size < cutoff else chain(first, fat, sector))[:size]
    return found


def hashed(*parts):
    return hashlib.sha512(b"".join(parts)).digest()


def opened(data, password):
    """The workbook in it; ValueError where the password is wrong or a byte was changed."""
    found = streams(data)
    info, package = found["EncryptionInfo"], found["EncryptedPackage"]
    spaces = {"e": "http://schemas.microsoft.com/office/2006/encryption", "p": "http://schemas.microsoft.com/office/2006/keyEncryptor/password"}
    tree = ElementTree.fromstring(info[8:])
    data_of, integrity, key_of = (tree.find(path, spaces) for path in ("e:keyData", "e:dataIntegrity", ".//p:encryptedKey"))

    def value(node, name):
        return base64.b64decode(node.get(name), validate=True)

    salt = value(key_of, "saltValue")
    spun = hashed(salt, password.encode("utf-16-le"))
    for i in range(int(key_of.get("spinCount"))):
        spun = hashlib.sha512(struct.pack("<I", i) + spun).digest()

    def with_password(block, name):
        return decrypt(hashed(spun, bytes.fromhex(block))[:32], salt, value(key_of, name))

    if hashed(with_password("fea7d2763b4b9e79", "encryptedVerifierHashInput")) != with_password("d7aa0f6d3061344e", "encryptedVerifierHashValue"):
        raise ValueError("the password is wrong")
    key, data_salt = with_password("146e0be7abacd0d6", "encryptedKeyValue"), value(data_of, "saltValue")

    def of_data(block, name):
        return decrypt(key, hashed(data_salt, bytes.fromhex(block))[:16], value(integrity, name))

    if hmac.new(of_data("5fb2ad010cb9e1f6", "encryptedHmacKey"), package, hashlib.sha512).digest() != of_data("a0677f02b22c8433", "encryptedHmacValue"):
        raise ValueError("it was changed")
    size, body = struct.unpack_from("<Q", package)[0], package[8:]
    return b"".join(decrypt(key, hashed(data_salt, struct.pack("<I", i // 4096))[:16], body[i:i + 4096])
                    for i in range(0, len(body), 4096))[:size]
