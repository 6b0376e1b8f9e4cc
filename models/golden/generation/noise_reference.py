"""Tern's start noise, in nothing but the standard library: writes noise.json. noise_reference.py [OUT.json]
Standard-normal values for (seed, picture, step, element), so that a picture's noise depends on nothing else.
  key     = (seed mod 2^32, seed div 2^32)
  counter = (element div 4, step, picture, 0); step 0 is the start noise
  four 32-bit words by Philox4x32-10 (Salmon et al. 2011), u = (word + 0.5) / 2^32
  elements 0, 1 of the four: sqrt(-2 ln u0) cos(2 pi u1), sqrt(-2 ln u0) sin(2 pi u1); elements 2, 3: the same of u2, u3
computed in float64, rounded to float32. The last bit may hang on the platform's sine; Tern takes fdlibm's."""
import json, math, struct, sys

def philox(counter, key):
    c, k = list(counter), list(key)
    for r in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k[0], q & 0xFFFFFFFF, (p >> 32) ^ c[3] ^ k[1], p & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c

def pair(u, v):
    r = math.sqrt(-2 * math.log(u))
    return [r * math.cos(2 * math.pi * v), r * math.sin(2 * math.pi * v)]

def normal(seed, picture, step, n):
    out = []
    for block in range((n + 3) // 4):
        u = [(w + 0.5) / 2 ** 32 for w in philox((block, step, picture, 0), (seed & 0xFFFFFFFF, seed >> 32))]
        out += pair(u[0], u[1]) + pair(u[2], u[3])
    return [struct.unpack("<f", struct.pack("<f", z))[0] for z in out[:n]]

if __name__ == "__main__":
    known = [dict(counter=[0] * 4, key=[0] * 2), dict(counter=[0xFFFFFFFF] * 4, key=[0xFFFFFFFF] * 2),
             dict(counter=[0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], key=[0xA4093822, 0x299F31D0])]
    for k in known: k["words"] = philox(k["counter"], k["key"])
    assert [f"{w:08x}" for w in known[2]["words"]] == ["d16cfe09", "94fdcceb", "5001e420", "24126ea1"]    # Random123's kat_vectors
    cases = [dict(seed=s, picture=p, step=t, values=normal(s, p, t, 10)) for s, p, t in
             ((0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (7, 7, 999), (2 ** 32, 0, 0), (2 ** 63 - 1, 3, 20))]
    json.dump(dict(about=__doc__, philox=known, cases=cases), open(sys.argv[1] if len(sys.argv) > 1 else "noise.json", "w"), indent=1)
