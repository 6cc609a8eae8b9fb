/**
 * The commands of Meridian, each once: the command line and its help, the scripts of package.json, the
 * messages about misplaced flags and what root hands over follow from this table. Plain data without
 * imports, since it is read before node_modules exist. What a command runs is in tools/meridian/actions.ts.
 *
 * @typedef {object} Flag
 * @property {string} flags as commander takes it, such as '-f, --follow' or '--lines <count>'
 * @property {string} summary
 * @property {'setting' | number} [reads] a `<key>=<value>` that may be given more than once, or a whole
 *   number from 1 to this one; a text if it is absent
 * @property {string | number} [preset] what holds where it is not given
 * @property {true} [required]
 *
 * @typedef {object} Command
 * @property {string} name
 * @property {string} [takes] its arguments as commander takes them, such as '[suites...]'
 * @property {string} summary
 * @property {readonly Flag[]} [flags]
 * @property {'account' | 'clone'} runsAs as root: by the system account, who has the platform, or by the
 *   caller, who has the clone. A preview of a stack that is rehearsed is the caller's too
 * @property {boolean} engines whether it needs them; the others talk to what runs, or read what it left
 * @property {true} [locks] whether it holds the stack's lock while it works
 * @property {true} [starts] whether it starts processes, which need their ports
 * @property {true} [ends] whether it removes the platform: without one it has nothing to do, and needs no
 *   other program than the one that runs
 * @property {number} [misuse] with what it ends where it is called wrongly; 1 if it is absent
 * @property {true} [onlyPrints] whether it goes on only as long as somebody reads
 * @property {Readonly<Record<string, readonly string[]>>} scripts those of package.json that run it, each
 *   with the arguments it adds
 */

const json = { flags: '--json', summary: 'print it as JSON' };
/** Of a command that prints as long as there is something to print. */
export const jsonLines = { flags: '--json', summary: 'print each as a line of JSON' };
const follow = '-f, --follow';
const setting = {
  flags: '-c, --config <key=value>',
  summary:
    'a setting of this machine, remembered; empty to forget it (Pulumi.local.yaml lists them)',
  reads: /** @type {const} */ ('setting'),
};
const clusterStack = {
  flags: '--stack <stack>',
  summary: 'a stack that runs in a cluster, such as staging',
  required: /** @type {const} */ (true),
};

/** @satisfies {readonly Command[]} */
const table = /** @type {const} */ ([
  {
    name: 'up',
    summary: 'bring the local platform up, or to what the program now says',
    flags: [
      json,
      { flags: '--full', summary: 'ask Pulumi also when nothing has changed since the last start' },
      {
        flags: '--wait',
        summary: 'wait until telemetry has joined, whose engines are built in the background',
      },
      { flags: '--no-telemetry', summary: 'leave telemetry out: -c telemetry=false, remembered' },
      setting,
      {
        flags: '--approved <digest>',
        summary: 'deploy a stack in a cluster, if it is what was reviewed and approved',
      },
      { flags: '--stack <stack>', summary: 'with --approved: the stack' },
      { flags: '--base <revision>', summary: 'with --approved: what it was reviewed against' },
      {
        flags: '--accept <digest>',
        summary: 'with --approved: what the cluster wants besides, by the digest that was told',
      },
      {
        flags: '--judge <revision>',
        summary: 'whose tool and rules judge, where the base has none',
      },
    ],
    runsAs: 'account',
    engines: true,
    locks: true,
    starts: true,
    scripts: { start: [] },
  },
  {
    name: 'dev',
    takes: '<services...>',
    summary: 'watch the sources, and let what was edited take over at once',
    flags: [
      {
        flags: '--inspect',
        summary: 'open a debugger port, 127.0.0.1:9229 (the next ones for more services)',
      },
      { flags: '--untyped', summary: 'do not check types beside it' },
    ],
    runsAs: 'account',
    engines: true,
    scripts: { dev: [] },
  },
  {
    name: 'stop',
    summary: 'stop every process; state and data stay',
    flags: [json],
    runsAs: 'account',
    engines: false,
    locks: true,
    scripts: { stop: [] },
  },
  {
    name: 'backup',
    summary:
      'copy PostgreSQL’s data while it runs; with its archive any moment from then on can be restored',
    flags: [json],
    runsAs: 'account',
    engines: false,
    locks: true,
    scripts: { backup: [] },
  },
  {
    name: 'restore',
    summary: 'make PostgreSQL’s data again, up to the last transaction or to a moment',
    flags: [
      {
        flags: '--to <time>',
        summary: 'a moment such as 2026-11-28T13:30:00Z; else the last transaction',
      },
      json,
    ],
    runsAs: 'account',
    engines: true,
    locks: true,
    scripts: { restore: [] },
  },
  {
    name: 'destroy',
    summary: 'remove the platform with all its data, after asking',
    flags: [{ flags: '--yes', summary: 'do not ask' }, json],
    runsAs: 'account',
    engines: true,
    locks: true,
    ends: true,
    scripts: { destroy: [] },
  },
  {
    name: 'preview',
    summary: 'show what `up` would change; for a cluster by rehearsal, without one',
    flags: [
      {
        flags: '--stack <stack>',
        summary: 'the stack: this machine, or one that is rehearsed',
        preset: 'local',
      },
      { flags: '--diff', summary: 'show every changed property (this machine)' },
      {
        flags: '--base <revision>',
        summary: 'hold the program against this revision (rehearsal)',
      },
      { flags: '--json', summary: 'print it as JSON (rehearsal)' },
      setting,
    ],
    runsAs: 'account',
    engines: true,
    locks: true,
    scripts: { preview: [] },
  },
  {
    name: 'review',
    takes: '<base..head>',
    summary:
      'say what a change does to people, data, access, zones and alerts; exit 0, 10 (check), 20 (danger), 2 (misuse) or 3 (not reviewed)',
    flags: [
      {
        flags: '--stack <stack>',
        summary: "a stack, such as staging; or 'all'",
        required: /** @type {const} */ (true),
      },
      json,
      { flags: '--markdown', summary: 'print it as Markdown, as for a comment' },
      { flags: '--out <folder>', summary: 'write the whole report there, too' },
      {
        flags: '--judge <revision>',
        summary: 'whose tool and rules judge, where the base has none',
      },
    ],
    runsAs: 'clone',
    engines: false,
    misuse: 2,
    scripts: { review: [] },
  },
  {
    name: 'refresh',
    summary: 'read what really is into the state',
    runsAs: 'account',
    engines: true,
    locks: true,
    scripts: { refresh: [] },
  },
  {
    name: 'drill',
    takes: '[fault]',
    summary:
      'break the running platform on purpose, and see whether one page or ticket tells of it',
    flags: [
      {
        flags: '--list',
        summary: 'what can be broken, what tells of it, and the last drill of each',
      },
      json,
    ],
    runsAs: 'account',
    engines: false,
    locks: true,
    scripts: { drill: [] },
  },
  {
    name: 'status',
    summary: 'show what runs, zone by zone',
    flags: [json],
    runsAs: 'account',
    engines: false,
    scripts: { status: [] },
  },
  {
    name: 'logs',
    takes: '[service]',
    summary:
      'print the last lines of every replica of a service or engine, or what is asked of all logs',
    flags: [
      { flags: follow, summary: 'go on with new lines until Ctrl-C' },
      {
        flags: '--lines <count>',
        summary: 'lines of each replica, or of all that was asked for',
        reads: 100_000,
        preset: 50,
      },
      { flags: '--trace <id>', summary: 'ask the store: what was written in this trace' },
      { flags: '--service <service>', summary: 'ask the store: what this service wrote' },
      { flags: '--level <level>', summary: 'of the service, from this level on (info)' },
      { flags: '--text <text>', summary: 'ask the store: lines with this text' },
      { flags: '--request <id>', summary: 'ask the store: what was written for this request' },
      { flags: '--release <version>', summary: 'errors of this version of the service' },
      jsonLines,
    ],
    runsAs: 'account',
    engines: false,
    onlyPrints: true,
    scripts: { logs: [] },
  },
  {
    name: 'explain',
    summary:
      'say what broke first in the last minutes, by which evidence, and what follows from it',
    flags: [json],
    runsAs: 'account',
    engines: false,
    onlyPrints: true,
    scripts: { explain: [] },
  },
  {
    name: 'trace',
    takes: '<id>',
    summary: 'tell a request and all that it caused: by the id of a trace, a request or an order',
    flags: [json],
    runsAs: 'account',
    engines: false,
    onlyPrints: true,
    scripts: { trace: [] },
  },
  {
    name: 'slo',
    summary: 'show what is left of the budget of each objective, and what burns',
    flags: [json],
    runsAs: 'account',
    engines: false,
    onlyPrints: true,
    scripts: { slo: [] },
  },
  {
    name: 'conformance',
    summary: 'hold the traces of the last minutes against the graph',
    flags: [
      { flags: '--since <duration>', summary: 'how far back, such as 90s or 1h', preset: '10m' },
      json,
    ],
    runsAs: 'account',
    engines: false,
    scripts: { conformance: [] },
  },
  {
    name: 'seed',
    summary: 'fill the catalogue, and open accounts with a history of orders',
    flags: [
      {
        flags: '--products <count>',
        summary: 'how many products',
        reads: 1_000_000,
        preset: 10_000,
      },
      { flags: '--accounts <count>', summary: 'how many shoppers', reads: 10_000, preset: 20 },
      {
        flags: '--orders <count>',
        summary: 'how many orders they have together',
        reads: 1_000_000,
        preset: 200,
      },
      json,
    ],
    runsAs: 'account',
    engines: false,
    scripts: { seed: [] },
  },
  {
    name: 'shop',
    summary: 'let shoppers search, look, leave carts and buy, at a steady rate',
    flags: [
      { flags: '--rate <count>', summary: 'shoppers a second', reads: 1000, preset: 10 },
      {
        flags: '--for <duration>',
        summary: 'how long they come, such as 60s or 5m',
        preset: '60s',
      },
      { flags: '--accounts <count>', summary: 'accounts that they share', reads: 1000, preset: 20 },
      {
        flags: '--seed <number>',
        summary: 'the same one makes the same shoppers come',
        reads: 1_000_000,
        preset: 1,
      },
      json,
    ],
    runsAs: 'account',
    engines: false,
    scripts: { shop: [] },
  },
  {
    name: 'account',
    summary:
      'set up the account of a merchant, of support or of an auditor, and show how to use it',
    flags: [
      { flags: '--role <role>', summary: 'what it is for: merchant, support or auditor' },
      json,
    ],
    runsAs: 'account',
    engines: false,
    scripts: { account: [] },
  },
  {
    name: 'bench',
    summary: 'measure memory and the read path of the running platform',
    flags: [
      {
        flags: '--requests <count>',
        summary: 'reads or rounds to measure (1000)',
        reads: 100_000,
      },
      { flags: '--authentication', summary: 'measure what authentication costs a request instead' },
      { flags: '--deploy', summary: 'measure a rehearsed deployment of staging instead' },
      { flags: '--dev', summary: 'measure how soon an edit is served instead' },
      { flags: '--preview', summary: 'measure an offline preview of prod instead' },
      { flags: '--review', summary: 'measure a review of staging instead' },
      { flags: '--services', summary: 'measure every public method, at edge and handler, instead' },
      {
        flags: '--markdown',
        summary:
          'print tables as docs/performance.md has them: of --deploy, --preview, --review, --services and --telemetry',
      },
      { flags: '--sizes', summary: 'measure memory and CPU of each service instead' },
      { flags: '--stock', summary: 'measure reservations and orders of one hot product instead' },
      {
        flags: '--load',
        summary: 'measure reads at a steady pace, and the CPU of each process, instead',
      },
      {
        flags: '--telemetry',
        summary: 'measure reads with telemetry off, at ten percent and full, instead',
      },
      { flags: '--rounds <count>', summary: 'how often each of them is measured (3)', reads: 100 },
      { flags: '--rate <count>', summary: 'reads a second under load (200)', reads: 10_000 },
      { flags: '--seconds <count>', summary: 'how long the load lasts (20)', reads: 3600 },
      { flags: '--connections <count>', summary: 'connections of the load (16)', reads: 1000 },
      json,
    ],
    runsAs: 'account',
    engines: false,
    scripts: {
      bench: [],
      'bench:deploy': ['--deploy'],
      'bench:preview': ['--preview'],
      'bench:review': ['--review'],
      'bench:services': ['--services'],
      'bench:sizes': ['--sizes'],
      'bench:stock': ['--stock'],
      'bench:telemetry': ['--telemetry'],
    },
  },
  {
    name: 'denial',
    summary: 'try every access, declared or not, and hold the outcome against the graph',
    flags: [{ flags: '--json', summary: 'print every access as JSON' }],
    runsAs: 'account',
    engines: false,
    scripts: { denial: [] },
  },
  {
    name: 'check',
    summary: 'hold stock, payments and orders of the running platform against each other',
    flags: [json],
    runsAs: 'account',
    engines: false,
    scripts: { check: [] },
  },
  {
    name: 'order',
    takes: '<id>',
    summary: 'tell one purchase as a story: each state and each call, causes first',
    flags: [json],
    runsAs: 'account',
    engines: false,
    scripts: { order: [] },
  },
  {
    name: 'events',
    takes: '[topic]',
    summary: 'print the events that services have published',
    flags: [
      { flags: follow, summary: 'go on with new events until Ctrl-C' },
      {
        flags: '--last <count>',
        summary: 'events of each topic, from its end',
        reads: 100_000,
        preset: 20,
      },
      { flags: '--all', summary: 'every event that Kafka keeps' },
      jsonLines,
    ],
    runsAs: 'account',
    engines: false,
    onlyPrints: true,
    scripts: { events: [] },
  },
  {
    name: 'audit',
    takes: '<action> [about]',
    summary: 'read the history of what happened, and check that nobody has changed it',
    flags: [
      {
        flags: '--url <address>',
        summary: 'ask the platform there by its public API, and not the one on this machine',
      },
      {
        flags: '--token <file>',
        summary: 'a file with an access token for --url, else MERIDIAN_TOKEN',
      },
      {
        flags: '--email <address>',
        summary: 'sign in at --url as this account of an auditor instead',
      },
      {
        flags: '--password <file>',
        summary: 'a file with its password, else MERIDIAN_PASSWORD',
      },
      {
        flags: '--published <place>',
        summary: 'where heads are published: a folder, or the address of the bucket',
      },
      {
        flags: '--root <file>',
        summary: "the platform's root certificate, for --url and --published",
      },
      { flags: '--at <time>', summary: 'what an entity was at this time: `audit state`' },
      {
        flags: '--from <file>',
        summary: 'a head that you kept, `-` for standard input: `audit verify`',
      },
      {
        flags: '--trust <keys>',
        summary: 'a key of the log to trust, or a file of them; else those published here',
      },
      {
        flags: '--archive <folder>',
        summary: 'an archive that has what old entries carried',
      },
      {
        flags: '--witness <keys>',
        summary: 'a key of a witness that must have signed the head too, or a file of them',
      },
      {
        flags: '--quorum <count>',
        summary: 'how many of the witnesses are enough, else all of them',
        reads: 100,
      },
      { flags: '--demo', summary: 'change an old entry on this machine, and back: `audit tamper`' },
      {
        flags: '--yes',
        summary: 'do what is only said otherwise: `audit archive`, `baseline`, `successor`',
      },
      {
        flags: '--anyway',
        summary:
          'also with rows that are not what was sealed, or where the log could go on: `audit successor`',
      },
      json,
    ],
    runsAs: 'account',
    engines: false,
    scripts: { audit: [] },
  },
  {
    name: 'dlq',
    takes: '<action> [id]',
    summary: 'list, show, replay or drop the events that consumers could not handle',
    flags: [
      { flags: '--topic <topic>', summary: 'only those of this topic' },
      { flags: '--consumer <service>', summary: 'only those of this consumer' },
      { flags: '--reason <text>', summary: 'why an event is dropped, which is kept with it' },
      { flags: '--yes', summary: 'replay or drop them, and not only show which' },
      json,
    ],
    runsAs: 'account',
    engines: false,
    scripts: { dlq: [] },
  },
  {
    name: 'search',
    takes: '<action>',
    summary: 'rebuild the index of search from the catalogue: `search rebuild`',
    flags: [json],
    runsAs: 'account',
    engines: false,
    scripts: { search: [] },
  },
  {
    name: 'payments',
    takes: '<action>',
    summary: "reconcile: hold the payment provider's statement of a day against the ledger",
    flags: [{ flags: '--date <day>', summary: 'a day in UTC, else yesterday' }, json],
    runsAs: 'account',
    engines: false,
    scripts: { payments: [] },
  },
  {
    name: 'rotate',
    summary: 'give every process new keys and certificates now, without a restart',
    flags: [json],
    runsAs: 'account',
    engines: false,
    scripts: { rotate: [] },
  },
  {
    name: 'env',
    summary: 'print what plain Pulumi needs to work on the local stack',
    flags: [json],
    runsAs: 'account',
    engines: true,
    locks: true,
    scripts: {},
  },
  {
    name: 'doctor',
    summary: 'install what is missing and say where every part comes from',
    flags: [
      json,
      {
        flags: '--telemetry',
        summary: 'the engines of telemetry too, which are built in some 20 minutes of CPU',
      },
      {
        flags: '--stack <stack>',
        summary:
          'a stack on AWS: ask its clouds whether they have what it needs, and change nothing',
      },
    ],
    runsAs: 'account',
    engines: true,
    scripts: { doctor: [] },
  },
  {
    name: 'test',
    takes: '[suites...]',
    summary: 'run every check and test, or the suites with these names',
    flags: [
      { flags: '--long', summary: 'run the long campaigns instead' },
      {
        flags: '--cluster',
        summary: 'run the tests against a Kubernetes control plane instead',
      },
      {
        flags: '--all',
        summary: 'with --cluster: also what such a run leaves out, as it takes longer',
      },
      {
        flags: '--changed [revision]',
        summary: 'only suites that what changed since then can affect; since the branch left main',
      },
    ],
    runsAs: 'account',
    engines: true,
    scripts: {
      test: [],
      'test:cluster': ['--cluster'],
      'test:long': ['--long'],
      'bench:search': ['services/search/quality'],
      'bench:outbox': ['--long', 'outbox-pace'],
      'bench:audit': ['--long', 'audit-log-pace', 'audit-log-reads'],
    },
  },
  {
    name: 'verify',
    summary: 'run every static check, and go on after a failure',
    runsAs: 'clone',
    engines: false,
    scripts: { verify: [] },
  },
  {
    name: 'render',
    summary: "write a stack's Helm charts to a folder, for people and other tools to read",
    flags: [
      clusterStack,
      {
        flags: '--out <folder>',
        summary: 'an empty folder, or one that an earlier render wrote',
      },
      {
        flags: '--terraform-plan <file>',
        summary: 'write resources of AWS as a plan of Terraform in JSON instead',
      },
      json,
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { render: [] },
  },
  {
    name: 'pins',
    summary: 'look up the digests of images and charts, and record them',
    flags: [
      {
        flags: '--stack <stack>',
        summary: 'a stack that runs in a cluster',
        preset: 'staging',
      },
      json,
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { pins: [] },
  },
  {
    name: 'images',
    summary: "give a stack another one's images, or ones that were built, by their digests",
    flags: [
      clusterStack,
      { flags: '--as <stack>', summary: 'the stack whose images it is to run' },
      {
        flags: '--layouts <folder>',
        summary: 'a folder with the OCI layout of each image, by its name, instead',
      },
      { flags: '--push', summary: "bring them into the stack's registry, as they are" },
      json,
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { images: [] },
  },
  {
    name: 'cost',
    summary:
      'tell what a month of a stack on AWS costs, by what is paid for, with the source of each price',
    flags: [
      clusterStack,
      {
        flags: '-c, --config <key=value>',
        summary: 'a setting of the stack, for this once, such as size=standard',
        reads: /** @type {const} */ ('setting'),
      },
      json,
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { cost: [] },
  },
  {
    name: 'prices',
    summary: 'look up what AWS charges in its public price list, and write the table of prices',
    flags: [
      {
        flags: '--region <region>',
        summary: 'of AWS, whose prices are looked up',
        preset: 'us-east-1',
      },
      json,
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { prices: [] },
  },
  {
    name: 'drift',
    summary:
      'hold the releases and objects of a cluster against those that this folder would deploy',
    flags: [
      clusterStack,
      {
        flags: '--context <context>',
        summary: "of the kubeconfig; the stack's kubernetes:context, then kubectl's current one",
      },
      json,
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { drift: [] },
  },
  {
    name: 'new-service',
    takes: '<name>',
    summary: 'make a service that compiles, is declared, landed and answers, or remove one',
    flags: [
      { flags: '--internal', summary: 'without a way in from the edge' },
      { flags: '--resource <word>', summary: "what it keeps, such as 'note' of notes" },
      { flags: '--publishes', summary: 'with a topic that tells of what it keeps' },
      { flags: '--consumes <services...>', summary: 'with a consumer of the events of these' },
      { flags: '--remove', summary: 'remove it again' },
      { flags: '--yes', summary: 'remove it even if it has changed since it was made' },
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { 'new-service': [] },
  },
  {
    name: 'generate',
    summary: 'generate code and documents from the contracts',
    runsAs: 'clone',
    engines: false,
    scripts: { generate: [] },
  },
  {
    name: 'generate-schemas',
    summary:
      'generate the schemas and types of manifests from the pinned modules of Kubernetes and its operators',
    runsAs: 'clone',
    engines: false,
    scripts: { 'generate:schemas': [] },
  },
  {
    name: 'generate-clouds',
    summary: 'generate what a rehearsal knows of clouds from the installed packages',
    flags: [
      {
        flags: '--terraform <folder>',
        summary: "generate Terraform's names from its unpacked bindings instead",
      },
      {
        flags: '--replacements <folder>',
        summary:
          "generate what makes another resource from the sources of Terraform's providers instead",
      },
    ],
    runsAs: 'clone',
    engines: false,
    scripts: { 'generate:clouds': [] },
  },
  {
    name: 'generate-contracts-image',
    summary: 'keep the contracts as they are now, as what later ones may not break',
    runsAs: 'clone',
    engines: false,
    scripts: { 'generate:contracts-image': [] },
  },
  {
    name: 'format',
    summary: 'format every file',
    runsAs: 'clone',
    engines: false,
    scripts: { format: [] },
  },
]);

/** @typedef {(typeof table)[number]['name']} CommandName */

/** @type {readonly (Command & { readonly name: CommandName })[]} */
export const commands = table;
