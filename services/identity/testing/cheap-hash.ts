import { argon2Sync } from 'node:crypto';

/** A hash of a password at a cost that was never ours, in the PHC string format. */
export function cheapHash(password: string): string {
  const salt = Buffer.from('0123456789');
  const cost = { memory: 64, passes: 3, parallelism: 2 };
  const tag = argon2Sync('argon2id', { ...cost, message: password, nonce: salt, tagLength: 16 });
  const [saltText, tagText] = [salt, tag].map((bytes) =>
    bytes.toString('base64').replace(/=+$/, ''),
  );
  return `$argon2id$v=19$m=64,t=3,p=2$${saltText}$${tagText}`;
}
