import { mongo } from 'mongoose';

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
/** Where the documents of a message begin, after its header. */
const MSG_BODY_AT = HEADER_BYTES + 4;
const REPLY_BODY_AT = HEADER_BYTES + 20;

export type Body = mongo.BSON.Document;

/** A message between a driver and a server. `body` is null for what is neither a command nor the answer to one. */
export interface WireMessage {
  readonly requestId: number;
  readonly responseTo: number;
  readonly opCode: number;
  readonly body: Body | null;
  readonly bytes: Buffer;
}

/** Cuts a stream of bytes into messages, whatever the pieces it comes in. */
export function createWireReader(onMessage: (message: WireMessage) => void): (bytes: Buffer) => void {
  let kept = Buffer.alloc(0);
  return (bytes) => {
    kept = Buffer.concat([kept, bytes]);
    while (kept.length >= HEADER_BYTES && kept.length >= kept.readInt32LE(0)) {
      const length = kept.readInt32LE(0);
      const message = messageOf(kept.subarray(0, length));
      kept = kept.subarray(length);
      onMessage(message);
    }
  };
}

function messageOf(bytes: Buffer): WireMessage {
  const opCode = bytes.readInt32LE(12);
  const read = { [OP_MSG]: bodyOfMsg, [OP_QUERY]: bodyOfQuery, [OP_REPLY]: bodyOfReply }[opCode];
  return {
    requestId: bytes.readInt32LE(4),
    responseTo: bytes.readInt32LE(8),
    opCode,
    body: read?.(bytes) ?? null,
    bytes,
  };
}

/** 64-bit numbers stay what they are, so that a changed answer has the types of the first one. */
function documentAt(bytes: Buffer, at: number): Body {
  const length = bytes.readInt32LE(at);
  return mongo.BSON.deserialize(bytes.subarray(at, at + length), { promoteLongs: false });
}

/** A body and any number of sequences, each of which stands for an array of the body. */
function bodyOfMsg(bytes: Buffer): Body {
  const hasChecksum = (bytes.readUInt32LE(HEADER_BYTES) & CHECKSUM_PRESENT) !== 0;
  const end = bytes.length - (hasChecksum ? 4 : 0);
  let body: Body = {};
  const sequences: Body = {};
  for (let at = MSG_BODY_AT; at < end;) {
    const isSequence = bytes[at] === 1;
    at += 1;
    const until = at + bytes.readInt32LE(at);
    if (isSequence) {
      const nameEnd = bytes.indexOf(0, at + 4);
      const documents: Body[] = [];
      for (let from = nameEnd + 1; from < until; from += bytes.readInt32LE(from)) {
        documents.push(documentAt(bytes, from));
      }
      sequences[bytes.toString('utf8', at + 4, nameEnd)] = documents;
    } else {
      body = documentAt(bytes, at);
    }
    at = until;
  }
  return { ...body, ...sequences };
}

/** Drivers greet a server they don't know yet in the older form. */
function bodyOfQuery(bytes: Buffer): Body {
  return documentAt(bytes, bytes.indexOf(0, HEADER_BYTES + 4) + 1 + 8);
}

function bodyOfReply(bytes: Buffer): Body | null {
  return bytes.readInt32LE(HEADER_BYTES + 16) === 1 ? documentAt(bytes, REPLY_BODY_AT) : null;
}

/** The answer to a message, in the form that the message asks for. */
export function replyTo({ requestId, opCode }: WireMessage, body: Body): Buffer {
  const start = Buffer.alloc(opCode === OP_QUERY ? REPLY_BODY_AT : MSG_BODY_AT + 1);
  const document = mongo.BSON.serialize(body);
  start.writeInt32LE(start.length + document.length, 0);
  start.writeInt32LE(requestId, 8);
  start.writeInt32LE(opCode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
  if (opCode === OP_QUERY) start.writeInt32LE(1, HEADER_BYTES + 16);
  return Buffer.concat([start, document]);
}
