/* global structuredClone */
// What structured clone carries, as JSON: plain values stand for themselves, all others are `{ $: kind, v: … }`. Runs in pages and in main alike.
(function createCodec() {
  const notCloned = () => new Error('An object could not be cloned.');
  const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

  function bytesToText(bytes) {
    if (typeof Buffer !== 'undefined')
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    return bytes.toBase64();
  }

  function textToBytes(text) {
    // A copy: small Buffers share one block of memory.
    if (typeof Buffer !== 'undefined') return new Uint8Array(Buffer.from(text, 'base64'));
    return Uint8Array.fromBase64(text);
  }

  function packBytes(value) {
    if (value instanceof ArrayBuffer) return { $: 'bytes', v: bytesToText(new Uint8Array(value)), c: 'ArrayBuffer' };
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const name = kindOf(value);
    return { $: 'bytes', v: bytesToText(bytes), c: name };
  }

  function unpackBytes({ v, c }) {
    const bytes = textToBytes(v);
    if (c === 'Uint8Array') return bytes;
    return c === 'ArrayBuffer' ? bytes.buffer : new globalThis[c](bytes.buffer);
  }

  // `seen` numbers objects in the order in which they are met, which is the order in which they are made again.
  function pack(value, seen) {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'number') {
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) };
    }
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) };
    const number = seen.get(value);
    if (number !== undefined) return { $: 'again', v: number };
    seen.set(value, seen.size);
    return packObject(value, seen);
  }

  function packObject(value, seen) {
    if (Array.isArray(value)) return Array.from(value, (item) => pack(item, seen));
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return packBytes(value);
    switch (kindOf(value)) {
      case 'Date':
        return { $: 'date', v: value.getTime() };
      case 'RegExp':
        return { $: 'regexp', v: value.source, f: value.flags };
      case 'Error':
        return { $: 'error', v: value.message, n: value.name, s: value.stack };
      case 'Map':
        return { $: 'map', v: Array.from(value, ([key, item]) => [pack(key, seen), pack(item, seen)]) };
      case 'Set':
        return { $: 'set', v: Array.from(value, (item) => pack(item, seen)) };
      case 'Object':
        return packPlain(value, seen);
      default:
        throw notCloned();
    }
  }

  function packPlain(value, seen) {
    const entries = Object.entries(value).map(([key, item]) => [key, pack(item, seen)]);
    const plain = entries.every(([key]) => key !== '$' && key !== '__proto__');
    return plain ? Object.fromEntries(entries) : { $: 'object', v: entries };
  }

  function unpack(node, made) {
    if (node === null || typeof node !== 'object') return node;
    const keep = (value) => {
      made.push(value);
      return value;
    };
    if (Array.isArray(node)) {
      const list = keep([]);
      for (const item of node) list.push(unpack(item, made));
      return list;
    }
    if (!Object.hasOwn(node, '$')) return fill(keep({}), Object.entries(node), made);
    switch (node.$) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(node.v);
      case 'bigint':
        return BigInt(node.v);
      case 'again':
        return made[node.v];
      case 'date':
        return keep(new Date(node.v ?? Number.NaN));
      case 'regexp':
        return keep(new RegExp(node.v, node.f));
      case 'error':
        return keep(Object.assign(new Error(node.v), { name: node.n, stack: node.s }));
      case 'map': {
        const map = keep(new Map());
        for (const [key, item] of node.v) map.set(unpack(key, made), unpack(item, made));
        return map;
      }
      case 'set': {
        const set = keep(new Set());
        for (const item of node.v) set.add(unpack(item, made));
        return set;
      }
      case 'bytes':
        return keep(unpackBytes(node));
      default:
        return fill(keep({}), node.v, made);
    }
  }

  function fill(object, entries, made) {
    for (const [key, item] of entries) {
      const value = unpack(item, made);
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
    }
    return object;
  }

  return {
    encode(value) {
      let copy;
      try {
        copy = structuredClone(value);
      } catch {
        throw notCloned();
      }
      return JSON.stringify(pack(copy, new Map()));
    },
    decode: (text) => unpack(JSON.parse(text), []),
  };
});
