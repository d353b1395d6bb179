#!/usr/bin/python3
"""Independent checker (copied from the reference material that methods were checked with: methods/xlsxcrypt)
for a password-protected .xlsx (ECMA-376 agile, AES-256-CBC, SHA-512).
usage: verify_agile.py FILE PASSWORD [PLAIN.xlsx]   exit 0 = every check passed.  Needs python3-olefile, python3-cryptography."""
import sys, struct, base64, hashlib, hmac, io, zipfile
import xml.etree.ElementTree as ET
import olefile
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
E = '{http://schemas.microsoft.com/office/2006/encryption}'; P = '{http://schemas.microsoft.com/office/2006/keyEncryptor/password}'
ok = True
def chk(name, c):
    global ok; ok &= bool(c); print(('ok   ' if c else 'FAIL ') + name)
def dec(k, iv, d):
    x = Cipher(algorithms.AES(k), modes.CBC(iv)).decryptor(); return x.update(d) + x.finalize()
H = lambda *a: hashlib.sha512(b''.join(a)).digest()
path, pw = sys.argv[1], sys.argv[2]
chk('OLE2 magic', open(path, 'rb').read(8) == bytes.fromhex('d0cf11e0a1b11ae1'))
o = olefile.OleFileIO(path, raise_defects=olefile.DEFECT_INCORRECT); chk('no OLE defects', not o.parsing_issues)
want = {'EncryptionInfo', 'EncryptedPackage', '\x06DataSpaces/Version', '\x06DataSpaces/DataSpaceMap', '\x06DataSpaces/DataSpaceInfo/StrongEncryptionDataSpace', '\x06DataSpaces/TransformInfo/StrongEncryptionTransform/\x06Primary'}
chk('the six streams and no other', {'/'.join(p) for p in o.listdir()} == want)
info = o.openstream('EncryptionInfo').read(); pkg = o.openstream('EncryptedPackage').read()
chk('EncryptionInfo header 4.4 / 0x40', struct.unpack('<HHI', info[:8]) == (4, 4, 0x40))
x = ET.fromstring(info[8:]); kd = x.find(E + 'keyData'); di = x.find(E + 'dataIntegrity'); ek = x.find('.//' + P + 'encryptedKey'); b = lambda n, a: base64.b64decode(n.get(a), validate=True)
for n, e in (('keyData', kd), ('encryptedKey', ek)):
    chk(n + ' parameters', (e.get('cipherAlgorithm'), e.get('cipherChaining'), e.get('hashAlgorithm'), e.get('keyBits'), e.get('blockSize'), e.get('hashSize'), e.get('saltSize')) == ('AES', 'ChainingModeCBC', 'SHA512', '256', '16', '64', '16'))
spin = int(ek.get('spinCount')); chk('100000 <= spinCount <= 10000000', 100000 <= spin <= 10000000)
h = H(b(ek, 'saltValue'), pw.encode('utf-16-le'))
for i in range(spin): h = hashlib.sha512(struct.pack('<I', i) + h).digest()
k = lambda s: H(h, bytes.fromhex(s))[:32]; salt = b(ek, 'saltValue')
vin = dec(k('fea7d2763b4b9e79'), salt, b(ek, 'encryptedVerifierHashInput')); vh = dec(k('d7aa0f6d3061344e'), salt, b(ek, 'encryptedVerifierHashValue'))
chk('password verifier', H(vin) == vh)
key = dec(k('146e0be7abacd0d6'), salt, b(ek, 'encryptedKeyValue')); chk('package key is 32 bytes, not 0x36-padded', len(key) == 32 and key[16:] != b'\x36' * 16)
ks = b(kd, 'saltValue'); chk('salts differ', ks != salt)
hk = dec(key, H(ks, bytes.fromhex('5fb2ad010cb9e1f6'))[:16], b(di, 'encryptedHmacKey')); hv = dec(key, H(ks, bytes.fromhex('a0677f02b22c8433'))[:16], b(di, 'encryptedHmacValue'))
chk('HMAC-SHA512 over the whole EncryptedPackage stream', hmac.compare_digest(hmac.new(hk, pkg, hashlib.sha512).digest(), hv))
size = struct.unpack('<Q', pkg[:8])[0]; body = pkg[8:]; chk('stream length = 8 + size rounded up to 16', len(body) == (size + 15) // 16 * 16)
out = b''.join(dec(key, H(ks, struct.pack('<I', i))[:16], body[i * 4096:(i + 1) * 4096]) for i in range((len(body) + 4095) // 4096)); chk('padding bytes are zero', not any(out[size:])); out = out[:size]
z = zipfile.ZipFile(io.BytesIO(out)); chk('decrypts to a sound zip with [Content_Types].xml', z.testzip() is None and '[Content_Types].xml' in z.namelist())
if len(sys.argv) > 3: chk('equals the plain workbook', out == open(sys.argv[3], 'rb').read())
sys.exit(0 if ok else 1)
