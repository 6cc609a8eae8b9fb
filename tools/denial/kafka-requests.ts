/**
 * A request on the wire, in a version that every broker of Kafka 4 takes and that is not 'flexible'.
 *
 * @see https://kafka.apache.org/protocol
 */
export interface KafkaRequest {
  readonly bytes: Buffer;
  /** Where in the response, length included, its error code lies. */
  readonly errorAt: number;
  /** The codes of what a broker finds wrong, or not, only after it has let the request in. */
  readonly admits: ReadonlyMap<number, string>;
}

/** How long a broker may take, in milliseconds. */
const WAIT_MS = 5000;
/** Length and correlation id, before each response. */
const RESPONSE_HEADER = 8;
const FIRST_PARTITION = int32(0);
const NO_STRING = int16(-1);
const EMPTY_LIST = int32(0);
/** An offset that no topic reaches, so that nothing is read. */
const FAR_OFFSET = 2n ** 62n;

/**
 * Writes no batch at all into a topic. Whether the topic may be written is looked at first; that a
 * batch is missing, next.
 */
export function produce(topic: string): KafkaRequest {
  const noRecords = int32(0);
  const acks = int16(1);
  return request(
    { key: 0, version: 3 },
    [NO_STRING, acks, int32(WAIT_MS), list(string(topic), list(FIRST_PARTITION, noRecords))],
    RESPONSE_HEADER + 4 + string(topic).length + 4 + 4,
    [[87, 'INVALID_RECORD']],
  );
}

/** Reads a topic where it has nothing; a broker that does not lead the partition says so instead. */
export function fetchNothing(topic: string): KafkaRequest {
  const anyConsumer = int32(-1);
  const limits = [int32(0), int32(0), int32(1), int8(0)];
  const partition = [FIRST_PARTITION, int64(FAR_OFFSET), int32(1)];
  return request(
    { key: 1, version: 4 },
    [anyConsumer, ...limits, list(string(topic), list(...partition))],
    RESPONSE_HEADER + 4 + 4 + string(topic).length + 4 + 4,
    [
      [1, 'OFFSET_OUT_OF_RANGE'],
      [6, 'NOT_LEADER_OR_FOLLOWER'],
    ],
  );
}

/** Says that a member of a group is alive that the group does not have. */
export function heartbeat(group: string): KafkaRequest {
  return request(
    { key: 12, version: 0 },
    [string(group), int32(0), string('denial-probe')],
    RESPONSE_HEADER,
    [
      // From a coordinator that still loads what it knows of the group.
      [0, 'NONE'],
      [16, 'NOT_COORDINATOR'],
      [25, 'UNKNOWN_MEMBER_ID'],
    ],
  );
}

/** Asks whether a topic could be made. */
export function createTopic(topic: string): KafkaRequest {
  const onlyValidate = int8(1);
  const size = [int32(1), int16(1)];
  return request(
    { key: 19, version: 2 },
    [list(string(topic), ...size, EMPTY_LIST, EMPTY_LIST), int32(WAIT_MS), onlyValidate],
    RESPONSE_HEADER + 4 + 4 + string(topic).length,
    [[0, 'NONE']],
  );
}

/** Asks who may do what. */
export function describeAcls(): KafkaRequest {
  const any = int8(1);
  return request(
    { key: 29, version: 1 },
    [any, NO_STRING, any, NO_STRING, NO_STRING, any, any],
    RESPONSE_HEADER + 4,
    [[0, 'NONE']],
  );
}

function request(
  { key, version }: { readonly key: number; readonly version: number },
  body: readonly Buffer[],
  errorAt: number,
  admits: readonly (readonly [number, string])[],
): KafkaRequest {
  const correlation = int32(1);
  const header = [int16(key), int16(version), correlation, string('denial')];
  const message = Buffer.concat([...header, ...body]);
  return {
    bytes: Buffer.concat([int32(message.length), message]),
    errorAt,
    admits: new Map(admits),
  };
}

/** An array of one element, of these fields. */
function list(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(1), ...fields]);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([int16(bytes.length), bytes]);
}

function int8(value: number): Buffer {
  return Buffer.from([value]);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
}
