import { redisScript } from './script.ts';

/*
 * A key holds `<revision> <schema> <payload>`. Revisions compare as text. A key without a schema is a
 * tombstone: it says that older revisions are not to be put there.
 */

/**
 * KEYS: value, lock. ARGV: schema, token, lock's time in ms. Gives 'hit' and the payload, else 'lead'
 * (the caller is to load it) or 'wait' (somebody else does), and the revision of the tombstone.
 */
export const READ = redisScript(
  'cache_read',
  `local held = redis.call('GET', KEYS[1])
local revision = ''
if held then
  local schema, payload
  revision, schema, payload = string.match(held, '^(%S+) (%d*) (.*)$')
  if schema == ARGV[1] then return {'hit', payload} end
end
local lead = redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3])
return {lead and 'lead' or 'wait', revision or ''}`,
);

/**
 * KEYS: value, lock. ARGV: revision, schema, payload, time to live in ms, token. Puts the value there
 * unless a newer revision is known, and gives up the lock.
 */
export const FILL = redisScript(
  'cache_fill',
  `local held = redis.call('GET', KEYS[1])
if not held or string.match(held, '^(%S+)') <= ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
end
if redis.call('GET', KEYS[2]) == ARGV[5] then redis.call('DEL', KEYS[2]) end`,
);

/** KEYS: values. ARGV: a revision for each, then the tombstones' time to live in ms. */
export const FORGET = redisScript(
  'cache_forget',
  `for index, key in ipairs(KEYS) do
  local held = redis.call('GET', key)
  if not held or string.match(held, '^(%S+)') < ARGV[index] then
    redis.call('SET', key, ARGV[index] .. '  ', 'PX', ARGV[#KEYS + 1])
  end
end`,
);
