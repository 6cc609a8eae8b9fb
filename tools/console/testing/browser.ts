import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { messageOf } from '@meridian/language/thrown.ts';
import { cacheHome } from '../../meridian/cache-home.ts';

/** A browser, or why there is none. */
export type StartedBrowser =
  | { readonly browser: Browser; readonly reason?: undefined }
  | { readonly browser?: undefined; readonly reason: string };

/** Unpacks a browser from its package where nobody has, and starts it. */
export async function startBrowser(): Promise<StartedBrowser> {
  try {
    const folder = await unpacked();
    const browser = await chromium.launch({
      executablePath: path.join(folder, 'chromium'),
      // Nothing but the console's own page is opened; a sandbox needs rights that a build machine may not give.
      args: ['--no-sandbox', '--disable-gpu'],
      env: { ...process.env, FONTCONFIG_FILE: await fontsFile(folder) },
    });
    return { browser };
  } catch (error) {
    return { reason: messageOf(error).split('\n')[0] ?? '' };
  }
}

/** The fonts of the package and no others: pictures are the same on every machine. */
async function fontsFile(folder: string): Promise<string> {
  const file = path.join(folder, 'fonts.conf');
  const fonts = `<dir>${folder}/fonts/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>`;
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}</fontconfig>`,
  );
  return file;
}

/** The package unpacks into the folder of temporary files, by which it is given another one; in one step for others. */
async function unpacked(): Promise<string> {
  const manifest = path.resolve('node_modules/@sparticuz/chromium/package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { readonly version: string };
  const home = cacheHome('meridian-browser');
  const folder = path.join(home, version);
  if (existsSync(folder)) return folder;
  await mkdir(home, { recursive: true });
  const partial = await mkdtemp(path.join(home, 'partial-'));
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: partial, NODE_OPTIONS: '' },
  });
  try {
    await rename(partial, folder);
  } catch (error) {
    // Somebody else was quicker.
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
