import { webcrypto } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SIGNATURE_ALGORITHM = { name: 'Ed25519' } as const;
/** id-kp-documentSigning (RFC 9336). */
const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
const HOUR_MS = 3_600_000;
let serial = Date.now();

/** A certificate with its key and trust root, as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** What a test asks of a leaf. */
export interface LeafRequest {
  readonly uris?: readonly string[];
  readonly addresses?: readonly string[];
  readonly dnsNames?: readonly string[];
  /** '' for a certificate without any, as those for peers are. @default 'leaf' */
  readonly commonName?: string;
  /** Whether it signs messages, with an Ed25519 key, instead of serving TLS. @default false */
  readonly signs?: boolean;
  /** Extended key usages, instead of those that belong to its kind. */
  readonly usages?: readonly string[];
  /** Time left; negative for one that has expired. @default one hour */
  readonly lifetimeMs?: number;
}

/** An authority as another process can have it: its certificates and the key of the second, as PEM. */
export interface SavedAuthority {
  readonly root: string;
  readonly intermediate: string;
  readonly key: string;
}

/** A root and an intermediate, as the platform has them: what tests get certificates from. */
export class TestAuthority {
  readonly #root: X509Certificate;
  readonly #intermediate: X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(
    root: X509Certificate,
    intermediate: X509Certificate,
    key: webcrypto.CryptoKey,
  ) {
    this.#root = root;
    this.#intermediate = intermediate;
    this.#key = key;
  }

  static async create(lifetimeMs = HOUR_MS): Promise<TestAuthority> {
    const rootKeys = await generateKeys();
    const keys = await generateKeys();
    const authority = { ...validity(lifetimeMs), signingAlgorithm: ALGORITHM };
    const root = await X509CertificateGenerator.createSelfSigned(
      { ...authority, ...named('root'), keys: rootKeys, extensions: authorityExtensions(1) },
      webcrypto,
    );
    const intermediate = await X509CertificateGenerator.create(
      {
        ...authority,
        serialNumber: nextSerial(),
        subject: 'CN=zone',
        issuer: root.subject,
        publicKey: keys.publicKey,
        signingKey: rootKeys.privateKey,
        extensions: authorityExtensions(0),
      },
      webcrypto,
    );
    return new TestAuthority(root, intermediate, keys.privateKey);
  }

  static async restore({ root, intermediate, key }: SavedAuthority): Promise<TestAuthority> {
    const pkcs8 = PemConverter.decodeFirst(key);
    const signing = await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']);
    return new TestAuthority(new X509Certificate(root), new X509Certificate(intermediate), signing);
  }

  async save(): Promise<SavedAuthority> {
    return {
      root: this.#root.toString('pem'),
      intermediate: this.#intermediate.toString('pem'),
      key: await privateKeyPem(this.#key),
    };
  }

  async issue(request: LeafRequest): Promise<Issued> {
    const signs = request.signs ?? false;
    const keys = await (signs ? generateSignatureKeys() : generateKeys());
    const leaf = await X509CertificateGenerator.create(
      {
        ...validity(request.lifetimeMs ?? HOUR_MS),
        serialNumber: nextSerial(),
        subject: request.commonName === '' ? '' : `CN=${request.commonName ?? 'leaf'}`,
        issuer: this.#intermediate.subject,
        publicKey: keys.publicKey,
        signingKey: this.#key,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension(
            request.usages !== undefined
              ? [...request.usages]
              : signs
                ? [DOCUMENT_SIGNING]
                : [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth],
          ),
          new SubjectAlternativeNameExtension(
            [
              ...(request.uris ?? []).map((value) => ({ type: 'url', value }) as const),
              ...(request.dnsNames ?? []).map((value) => ({ type: 'dns', value }) as const),
              ...(request.addresses ?? []).map((value) => ({ type: 'ip', value }) as const),
            ],
            // Critical when there is no subject (RFC 5280 §4.2.1.6).
            request.commonName === '',
          ),
        ],
      },
      webcrypto,
    );
    return {
      cert: `${leaf.toString('pem')}\n${this.#intermediate.toString('pem')}\n`,
      key: `${await privateKeyPem(keys.privateKey)}\n`,
      ca: `${this.#root.toString('pem')}\n`,
    };
  }
}

/** Writes a certificate the way an agent does: a folder for each version, and a link that swaps. */
export function writeIdentity(folder: string, issued: Issued): void {
  const version = `.${basename(folder)}-${nextSerial()}`;
  const parent = dirname(folder);
  mkdirSync(join(parent, version), { recursive: true, mode: 0o700 });
  writeFileSync(join(parent, version, 'tls.crt'), issued.cert);
  writeFileSync(join(parent, version, 'tls.key'), issued.key, { mode: 0o600 });
  writeFileSync(join(parent, version, 'ca.crt'), issued.ca);
  const link = join(parent, `${version}.link`);
  rmSync(link, { force: true });
  symlinkSync(version, link);
  renameSync(link, folder);
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function generateSignatureKeys(): Promise<webcrypto.CryptoKeyPair> {
  // Both halves, as always with an asymmetric algorithm; the types leave it open for this one.
  return (await webcrypto.subtle.generateKey(SIGNATURE_ALGORITHM, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function nextSerial(): string {
  // Even digits and a small first one: a positive DER integer of whole bytes.
  return (++serial).toString(16).padStart(14, '0');
}

function named(name: string): { readonly serialNumber: string; readonly name: string } {
  return { serialNumber: nextSerial(), name: `CN=${name}` };
}

function validity(lifetimeMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const nowMs = Date.now();
  return {
    notBefore: new Date(nowMs - 2 * HOUR_MS),
    notAfter: new Date(nowMs + lifetimeMs),
  };
}

function authorityExtensions(
  pathLength: number,
): (BasicConstraintsExtension | KeyUsagesExtension)[] {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
}
