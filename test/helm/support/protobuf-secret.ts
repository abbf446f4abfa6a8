import type { KubernetesObject } from './chart';

/** How Kubernetes marks a protobuf body, before an envelope of type and content. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

export function isProtobuf(body: Buffer): boolean {
  return body.subarray(0, MAGIC.length).equals(MAGIC);
}

/**
 * The Secret in a protobuf body, which is how helm writes its records: the fields that it sets, by their numbers in
 * Kubernetes' generated.proto files (runtime.Unknown, core/v1 Secret, meta/v1 ObjectMeta).
 */
export function readSecret(body: Buffer): KubernetesObject {
  const [raw = Buffer.alloc(0)] = fields(body.subarray(MAGIC.length), 2);
  const [metadata = Buffer.alloc(0)] = fields(raw, 1);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: textOf(raw, 3),
    metadata: { name: textOf(metadata, 1), labels: mapOf(metadata, 11, 'utf8') },
    data: mapOf(raw, 2, 'base64'),
  };
}

function textOf(message: Buffer, number: number): string {
  return fields(message, number)[0]?.toString('utf8') ?? '';
}

function mapOf(message: Buffer, number: number, encoding: 'utf8' | 'base64'): Record<string, string> {
  const entries = fields(message, number);
  return Object.fromEntries(
    entries.map((entry) => [textOf(entry, 1), fields(entry, 2)[0]?.toString(encoding) ?? '']),
  );
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Every length-delimited field of this number, in order. Numbers are passed over. */
function fields(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const size = varint();
    if (tag % 8 === VARINT) continue;
    if (tag % 8 !== LENGTH_DELIMITED) throw new Error(`a field of wire type ${tag % 8} is not expected`);
    if (Math.floor(tag / 8) === wanted) found.push(message.subarray(at, at + size));
    at += size;
  }
  return found;
}
