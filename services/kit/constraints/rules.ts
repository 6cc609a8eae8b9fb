/** What the value of a field must be, read from its `buf.validate` options: only what is checked here. */
export type ValueRules =
  | TextRules
  | BytesRules
  | NumberRules
  | EnumRules
  | DurationRules
  | FieldMaskRules
  | ListRules
  | MapRules;

/** Of a string; its length is counted in code points. */
export interface TextRules {
  readonly kind: 'text';
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression that JavaScript, RE2 and JSON Schema read alike. */
  readonly pattern?: string;
  readonly choices?: readonly string[];
  readonly uuid?: boolean;
}

/** Of bytes. */
export interface BytesRules {
  readonly kind: 'bytes';
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Of a whole number, both bounds included. */
export interface NumberRules {
  readonly kind: 'number';
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly not?: readonly (number | bigint)[];
}

/** Of an enum: one of its values but these, and no other number. */
export interface EnumRules {
  readonly kind: 'enum';
  readonly not: readonly number[];
}

/** Of a google.protobuf.Duration, in seconds, both bounds included. */
export interface DurationRules {
  readonly kind: 'duration';
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
}

/** Of a google.protobuf.FieldMask: the paths that it may name. */
export interface FieldMaskRules {
  readonly kind: 'field-mask';
  readonly paths: readonly string[];
}

/** Of a repeated field. */
export interface ListRules {
  readonly kind: 'list';
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
  readonly items?: ValueRules;
}

/** Of a map. */
export interface MapRules {
  readonly kind: 'map';
  readonly minPairs?: number;
  readonly maxPairs?: number;
  readonly keys?: ValueRules;
  readonly values?: ValueRules;
}

/** All that is asked of a field. */
export interface FieldRulesRead {
  /** Whether it must be given; of a field without presence, that it is not its type's default. */
  readonly required: boolean;
  /** Whether the default of its type is accepted whatever the rules say. */
  readonly zeroToo: boolean;
  /** Whether nothing of it is looked at, however deep: the service does it. */
  readonly unchecked: boolean;
  readonly value: ValueRules | undefined;
  /** How a refusal says what is allowed; undefined where the rules say it themselves. */
  readonly allowed: string | undefined;
  /** The same of the values of a map, whose keys `allowed` is about. */
  readonly allowedValues: string | undefined;
  /** Whether a refusal may repeat the value. */
  readonly quotable: boolean;
}
