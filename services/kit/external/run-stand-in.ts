import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { StandInConfiguration } from '@meridian/language/stand-in-configuration.ts';
import { EXIT_CONFIGURATION } from '../process.ts';
import { readStandInConfiguration } from './stand-in-configuration.ts';

/** What a program that stands in for a system outside the platform works with. */
export interface StandInWorld {
  readonly configuration: StandInConfiguration;
  readonly log: (message: string) => void;
  /**
   * The secrets of a name, the current one first; read again at each call.
   *
   * @throws {CodedError} KIT_CONFIGURATION where the configuration names no file for it
   */
  readonly secrets: (name: string) => readonly string[];
}

/** What such a program does. */
export interface StandInProgram {
  readonly server: Server;
  /** For its first line: what it stands in for, and what is not behind it. */
  readonly what: string;
  readonly close?: () => void;
}

/** Runs such a program until it is told to end; a configuration that it cannot read ends it with a message. */
export async function runStandIn(open: (world: StandInWorld) => StandInProgram): Promise<void> {
  try {
    await run(open);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    process.stderr.write(`${error.message} [${error.code}]\n`);
    process.exitCode = EXIT_CONFIGURATION;
  }
}

async function run(open: (world: StandInWorld) => StandInProgram): Promise<void> {
  const configuration = readStandInConfiguration(process.env);
  const { name, listen } = configuration;
  const log = (message: string): void => {
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), name, message })}\n`);
  };
  const secrets = (secret: string): readonly string[] => secretsOf(configuration, secret);
  const { server, what, close } = open({ configuration, log, secrets });
  server.listen(listen.port, listen.address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  log(`stands in for ${what}, on http://${listen.address}:${port}`);
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
    close?.();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function secretsOf({ name, secretFiles }: StandInConfiguration, secret: string): readonly string[] {
  const file = secretFiles[secret];
  if (file === undefined) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Stand-in '${name}': secretFiles must name a file for '${secret}', got nothing`,
    );
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
