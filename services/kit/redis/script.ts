import { createHash } from 'node:crypto';

/** A Lua script, which Redis runs as one step. */
export interface RedisScript {
  /** Names it in metrics and traces. */
  readonly name: string;
  readonly text: string;
  /** SHA-1 of the text: what EVALSHA takes. */
  readonly sha1: string;
}

/** Declares a script. */
export function redisScript(name: string, text: string): RedisScript {
  return { name, text, sha1: createHash('sha1').update(text).digest('hex') };
}
