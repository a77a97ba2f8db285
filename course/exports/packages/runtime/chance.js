/* The chance of Python's `random`, so that a package draws and shuffles exactly as the site does (course/domain/quiz.py). */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const WORDS = 624;
  const ALL = (1n << 64n) - 1n;

  // SHA-512: its constants are the fractional parts of the roots of the first primes.
  const primes = [];
  for (let one = 2; primes.length < 80; one += 1) if (primes.every((prime) => one % prime)) primes.push(one);
  const fraction = (prime, root) => rootOf(BigInt(prime) << (64n * root), root) & ALL;
  const ROUNDS = primes.map((prime) => fraction(prime, 3n));
  const START = primes.slice(0, 8).map((prime) => fraction(prime, 2n));

  function rootOf(value, root) {
    let low = 0n, high = 1n << 80n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** root <= value) low = middle; else high = middle;
    }
    return low;
  }

  const turned = (value, by) => ((value >> by) | (value << (64n - by))) & ALL;

  function padded(bytes) {
    const length = Math.ceil((bytes.length + 17) / 128) * 128;
    const whole = new Uint8Array(length);
    whole.set(bytes);
    whole[bytes.length] = 0x80;
    new DataView(whole.buffer).setUint32(length - 4, bytes.length * 8);
    return whole;
  }

  /** The SHA-512 of bytes, as bytes. */
  function sha512(bytes) {
    const whole = padded(bytes), view = new DataView(whole.buffer);
    let state = START;
    for (let at = 0; at < whole.length; at += 128) state = block(view, at, state);
    const made = new DataView(new ArrayBuffer(64));
    state.forEach((word, place) => made.setBigUint64(place * 8, word));
    return new Uint8Array(made.buffer);
  }

  function block(view, at, state) {
    const words = [];
    for (let place = 0; place < 80; place += 1) words.push(place < 16 ? view.getBigUint64(at + place * 8) : next(words, place));
    let [a, b, c, d, e, f, g, h] = state;
    for (let place = 0; place < 80; place += 1) {
      const one = h + (turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n)) + ((e & f) ^ (~e & ALL & g)) + ROUNDS[place] + words[place];
      const two = (turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & ALL, c, b, a, (one + two) & ALL];
    }
    return [a, b, c, d, e, f, g, h].map((word, place) => (word + state[place]) & ALL);
  }

  function next(words, place) {
    const near = words[place - 2], far = words[place - 15];
    const one = turned(near, 19n) ^ turned(near, 61n) ^ (near >> 6n);
    const two = turned(far, 1n) ^ turned(far, 8n) ^ (far >> 7n);
    return (one + words[place - 7] + two + words[place - 16]) & ALL;
  }

  /** What Python takes a seed for: 32 bits a piece, the lowest first. */
  function keyOf(seed) {
    let value = BigInt(typeof seed === "number" ? seed : 0);
    if (typeof seed === "string") {
      const text = new TextEncoder().encode(seed);
      for (const byte of [...text, ...sha512(text)]) value = (value << 8n) | BigInt(byte);
    }
    const key = [];
    for (; value; value >>= 32n) key.push(Number(value & 0xffffffffn));
    return key.length ? key : [0];
  }

  /** Python's random.Random, as far as it is needed: `seed` is a whole number or a text. */
  class Chance {
    constructor(seed) {
      const key = keyOf(seed), words = (this.words = new Uint32Array(WORDS));
      words[0] = 19650218;
      for (let at = 1; at < WORDS; at += 1) words[at] = Math.imul(1812433253, words[at - 1] ^ (words[at - 1] >>> 30)) + at;
      let at = 1;
      const mixed = (by) => words[at] ^ Math.imul(words[at - 1] ^ (words[at - 1] >>> 30), by);
      const step = () => { at += 1; if (at >= WORDS) { words[0] = words[WORDS - 1]; at = 1; } };
      for (let turn = 0; turn < Math.max(WORDS, key.length); turn += 1) {
        words[at] = mixed(1664525) + key[turn % key.length] + (turn % key.length);
        step();
      }
      for (let turn = 1; turn < WORDS; turn += 1) { words[at] = mixed(1566083941) - at; step(); }
      words[0] = 0x80000000;
      this.at = WORDS;
    }

    turnOver() {
      const words = this.words;
      for (let at = 0; at < WORDS; at += 1) {
        const both = (words[at] & 0x80000000) | (words[(at + 1) % WORDS] & 0x7fffffff);
        words[at] = words[(at + 397) % WORDS] ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0);
      }
      this.at = 0;
    }

    bits(count) {
      if (this.at >= WORDS) this.turnOver();
      let word = this.words[this.at];
      this.at += 1;
      word ^= word >>> 11;
      word ^= (word << 7) & 0x9d2c5680;
      word ^= (word << 15) & 0xefc60000;
      word ^= word >>> 18;
      return word >>> (32 - count);
    }

    below(limit) {
      const count = 32 - Math.clz32(limit);
      let found = this.bits(count);
      while (found >= limit) found = this.bits(count);
      return found;
    }

    shuffle(list) {
      for (let at = list.length - 1; at > 0; at -= 1) {
        const other = this.below(at + 1);
        [list[at], list[other]] = [list[other], list[at]];
      }
      return list;
    }
  }

  Object.assign(our, { Chance, sha512 });
})();
