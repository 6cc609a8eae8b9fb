/** What a change of files can affect beside the suites that import them. */
interface Rule {
  /** Paths from the program's root. */
  readonly files: RegExp;
  /** Which suites, by their paths; a `$1` is what the files' first group matched. */
  readonly suites: readonly string[] | 'all';
  /** Completes the sentence that begins with the suites. */
  readonly why: string;
}

/** Stories of the command and of its surroundings: a service's own code does not change them. */
const aboutTheCommand = '(preview|trouble|environments|own-files|answer-under-trouble)';

/** What starts, asks, lands or packs a service, and what follows its imports from file to file. */
const ofAService: readonly string[] = [
  '^services/$1/',
  '^tests/(contracts|golden)/',
  '^tools/images/',
  '^components/service/program-files',
  `^tests/end-to-end/(?!${aboutTheCommand})`,
];

/** Suites that read the whole program: any change can affect them. */
const readTheProgram = 'tests/architecture/';

/**
 * What is read and not imported: what is started as a process, migrations, contracts, goldens, documents.
 * The first rule that fits a file holds for it; a file that none fits runs everything.
 */
export const rules: readonly Rule[] = [
  {
    files: /^docs\/schemas\//,
    suites: ['^tools/meridian/output/'],
    why: 'what commands print is held against it',
  },
  {
    files: /^(services\/gateway\/problem|verifier)\/README\.md$/,
    suites: ['^$1/'],
    why: 'it lists the problems',
  },
  {
    files: /^docs\/|\.md$/,
    suites: [],
    why: 'documents are read by what reads the whole program',
  },
  {
    files: /^(tools|tests\/costs|language)\/|^[^/]*$|^tests\/(longest-first\.js|budget\.json)$/,
    suites: 'all',
    why: 'all suites run by it, or on it',
  },
  {
    // jest's set-up imports them, and no suite does that shares engines.
    files:
      /^tests\/engines\/(global-\w+|engine-keeper|keeper-language|shared-engines|kafka|postgres)\.(js|ts)$/,
    suites: 'all',
    why: 'suites share engines by it',
  },
  {
    files: /^verifier\//,
    suites: ['^verifier/'],
    why: 'its command is run from a copy of the folder',
  },
  {
    files: /^services\/kit\//,
    suites: [
      '^services/',
      '^tests/(contracts|engines|jobs|golden)/',
      '^tools/(bench|denial|images)/',
      '^components/service/program-files',
      `^tests/end-to-end/(?!${aboutTheCommand})`,
    ],
    why: 'every service runs on the kit',
  },
  {
    files: /^services\/([a-z0-9-]+)\/migrations\//,
    suites: [...ofAService, '^tests/jobs/'],
    why: 'the service is started, asked and landed there, on tables that Jobs make',
  },
  {
    files: /^services\/([a-z0-9-]+)\//,
    suites: ofAService,
    why: 'the service is started, asked and landed there',
  },
  {
    files: /^providers\//,
    suites: [
      '^providers/',
      '^tests/(end-to-end|jobs)/',
      '^tools/(images|meridian)/',
      '^components/[^/]+/local',
    ],
    why: 'providers start and keep what runs, and Jobs have some of them in their images',
  },
  {
    files: /^(components|infra|stacks)\//,
    suites: [
      '^(components|infra|stacks|tools)/',
      '^providers/rehearsal/',
      '^tests/(golden|charts|contracts|engines|end-to-end)/',
    ],
    why: 'the program is landed there',
  },
  {
    files: /^jobs\//,
    suites: ['^jobs/', '^tests/jobs/', '^tools/images/', '^components/'],
    why: 'Jobs are run and declared there',
  },
  {
    files: /^tests\/golden\/contracts\//,
    suites: ['^tests/contracts/'],
    why: 'contracts are held against it',
  },
  {
    files: /^tests\/golden\//,
    suites: ['^tests/(golden|charts)/'],
    why: 'goldens are read there',
  },
  {
    files: /^tests\/(?:long|cluster)\//,
    suites: [],
    why: 'campaigns run by themselves',
  },
  {
    files: /^tests\/([a-z0-9-]+)\//,
    suites: ['^tests/$1/'],
    why: 'they lie beside it',
  },
];

/** The suites that a change can affect, and why. */
export interface AffectedSuites {
  readonly suites: readonly string[];
  /** A line for each reason. */
  readonly reasons: readonly string[];
}

/**
 * What a change of files can affect.
 *
 * @param changed paths from the program's root
 * @param all every suite there is
 * @param importing which suites import one of some files, however far away
 */
export async function affectedSuites(
  changed: readonly string[],
  all: readonly string[],
  importing: (files: readonly string[]) => Promise<readonly string[]>,
): Promise<AffectedSuites> {
  const reasons: string[] = [];
  const chosen = new Set<string>();
  const take = (suites: readonly string[], reason: string): void => {
    const fresh = suites.filter((suite) => !chosen.has(suite));
    for (const suite of fresh) chosen.add(suite);
    if (fresh.length > 0) reasons.push(`${fresh.length} suites: ${reason}`);
  };
  const byRule = Map.groupBy(changed, (file) => rules.find(({ files }) => files.test(file)));
  for (const [rule, files] of byRule) {
    if (rule !== undefined && rule.suites !== 'all') continue;
    take(all, `${namesOf(files)} changed; ${rule?.why ?? 'nobody has said whom it affects'}`);
    return { suites: all, reasons };
  }
  const imported = await importing(changed.filter((file) => /\.(ts|js|json)$/.test(file)));
  take(imported, `they import ${namesOf(changed)}`);
  for (const [rule, files] of byRule) {
    const patterns = files.flatMap((file) => patternsOf(rule, file));
    const read = all.filter((suite) => patterns.some((pattern) => pattern.test(suite)));
    take(read, `${namesOf(files)} changed; ${rule?.why ?? ''}`);
  }
  if (changed.length > 0) {
    take(
      all.filter((suite) => suite.startsWith(readTheProgram)),
      `${namesOf(changed)} changed; they read the whole program`,
    );
  }
  return { suites: all.filter((suite) => chosen.has(suite)), reasons };
}

function patternsOf(rule: Rule | undefined, file: string): readonly RegExp[] {
  if (rule === undefined || rule.suites === 'all') return [];
  const [, part = ''] = rule.files.exec(file) ?? [];
  return rule.suites.map((suite) => new RegExp(suite.replaceAll('$1', part)));
}

function namesOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
