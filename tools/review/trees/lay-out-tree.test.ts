import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { layOutTree, WORKTREE } from './lay-out-tree.ts';
import { SampleRepository } from './testing/sample-repository.ts';

let repository: SampleRepository;

beforeEach(() => {
  repository = new SampleRepository();
});
afterEach(() => {
  repository[Symbol.dispose]();
});

const layOut = async (revision: string) =>
  await layOutTree(repository.folder, revision, repository.cache);
const read = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8');
/** All that lies in the clone's own store; objects that are met again get a new time, and nothing else does. */
const written = () =>
  execFileSync(
    'find',
    ['.git', '-path', '.git/objects/*', '-printf', '%p %s\n', '-o', '-printf', '%p %s %T@\n'],
    { cwd: repository.folder, encoding: 'utf8' },
  );

describe('a revision that is laid out', () => {
  test('has each file as it was committed, to be read only, in a folder for its user alone', async () => {
    repository.write('bin/run', '#!/bin/sh\n');
    symlinkSync('run', path.join(repository.folder, 'bin/link'));
    repository.git('update-index', '--add', '--chmod=+x', 'bin/run');
    const commit = repository.commit();
    const before = written();
    const tree = await layOut('main');
    expect(tree).toEqual({
      folder: path.join(repository.cache, 'review/trees', tree.tree),
      tree: repository.git('rev-parse', 'HEAD^{tree}'),
      commit,
      submodules: [],
    });
    expect(read(tree.folder, 'a.txt')).toBe('a\n');
    expect(readlinkSync(path.join(tree.folder, 'bin/link'))).toBe('run');
    expect(statSync(path.join(tree.folder, 'a.txt')).mode & 0o777).toBe(0o444);
    // The platform of another user looks into each folder of a cache that it shares.
    expect(statSync(path.join(repository.cache, 'review')).mode & 0o777).toBe(0o755);
    expect(statSync(path.dirname(tree.folder)).mode & 0o777).toBe(0o700);
    expect(written()).toBe(before);
  });

  test('is laid out once for each content', async () => {
    const first = await layOut('HEAD');
    const { ino } = statSync(path.join(first.folder, 'a.txt'));
    repository.git('commit', '--quiet', '--allow-empty', '--message=The same');
    const second = await layOut('HEAD');
    expect(second.folder).toBe(first.folder);
    expect(second.commit).not.toBe(first.commit);
    expect(statSync(path.join(second.folder, 'a.txt')).ino).toBe(ino);
  });

  test('obeys nothing that it says of itself: no filter, line ending, encoding, keyword or export-ignore', async () => {
    const marker = path.join(repository.folder, 'ran');
    repository.commit({
      'hidden.ts': 'hidden\n',
      'crlf.txt': 'one\ntwo\n',
      'id.txt': '$Id$\n',
      'wide.txt': 'wide\n',
      'large.bin': 'version https://git-lfs.github.com/spec/v1\n',
    });
    const attributes = repository.blob(
      'hidden.ts export-ignore\ncrlf.txt text eol=crlf\nid.txt ident export-subst\nwide.txt working-tree-encoding=UTF-16\nlarge.bin filter=evil\n',
    );
    repository.git('update-index', '--add', '--cacheinfo', `100644,${attributes},.gitattributes`);
    repository.git('commit', '--quiet', '--message=Attributes');
    repository.git('config', 'filter.evil.smudge', `touch ${marker}; cat`);
    repository.git('config', 'filter.evil.required', 'true');
    repository.git('config', 'core.fsmonitor', `touch ${marker}; false`);
    const { folder } = await layOut('HEAD');
    expect(readdirSync(folder).toSorted()).toEqual([
      '.gitattributes',
      ...['a.txt', 'crlf.txt', 'hidden.ts', 'id.txt', 'large.bin', 'wide.txt'],
    ]);
    expect(read(folder, 'crlf.txt')).toBe('one\ntwo\n');
    expect(read(folder, 'id.txt')).toBe('$Id$\n');
    expect(read(folder, 'wide.txt')).toBe('wide\n');
    expect(existsSync(marker)).toBe(false);
  });

  test('names submodules, and leaves them out', async () => {
    const head = repository.git('rev-parse', 'HEAD');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${head},vendor/thing`);
    repository.git('commit', '--quiet', '--message=A submodule');
    const { folder, submodules } = await layOut('HEAD');
    expect(submodules).toEqual(['vendor/thing']);
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  test('is of the folder of the program, where that is not the whole repository', async () => {
    repository.commit({ 'platform/b.txt': 'b\n' });
    const program = path.join(repository.folder, 'platform');
    for (const revision of ['HEAD', WORKTREE]) {
      const { folder } = await layOutTree(program, revision, repository.cache);
      expect(readdirSync(folder)).toEqual(['b.txt']);
    }
  });

  test('stays beside nine others; older ones go once no review can read them', async () => {
    const trees = path.join(repository.cache, 'review/trees');
    const others = Array.from({ length: 12 }, (_, index) => String(index).padStart(40, 'a'));
    others.forEach((name, index) => {
      const folder = path.join(trees, name);
      mkdirSync(folder, { recursive: true });
      const then = new Date(Date.now() - (index === 11 ? 0.9 : 12 - index) * 3_600_000);
      utimesSync(folder, then, then);
    });
    const { tree } = await layOut('HEAD');
    expect(readdirSync(trees).toSorted()).toEqual([tree, ...others.slice(3)].toSorted());
  });
});

describe('the work tree that is laid out', () => {
  test('has what is changed and new, without what is ignored, and leaves the clone as it is', async () => {
    repository.commit({ '.gitignore': 'ignored\n', 'b.txt': 'b\n', 'forced/ignored': 'kept\n' });
    repository.write('a.txt', 'changed\r\n');
    repository.write('new.txt', 'new\n');
    repository.write('ignored', 'ignored\n');
    const before = written();
    const tree = await layOut(WORKTREE);
    expect(tree.commit).toBe(WORKTREE);
    expect(readdirSync(tree.folder).toSorted()).toEqual(
      ['.gitignore', 'a.txt', 'b.txt', 'forced', 'new.txt'].toSorted(),
    );
    expect(read(tree.folder, 'a.txt')).toBe('changed\r\n');
    expect(written()).toBe(before);
  });

  test('is the tree of its commit where nothing is changed', async () => {
    expect((await layOut(WORKTREE)).tree).toBe((await layOut('HEAD')).tree);
  });

  test('runs no filter that its attributes name', async () => {
    const marker = path.join(repository.folder, '../ran');
    repository.git('config', 'filter.evil.clean', `touch ${marker}; cat`);
    repository.write('.gitattributes', '* filter=evil text eol=crlf\n');
    repository.write('b.txt', 'one\r\ntwo\n');
    const { folder } = await layOut(WORKTREE);
    expect(read(folder, 'b.txt')).toBe('one\r\ntwo\n');
    expect(existsSync(marker)).toBe(false);
  });

  test('shows what is hidden from git by --assume-unchanged', async () => {
    repository.git('update-index', '--assume-unchanged', 'a.txt');
    repository.write('a.txt', 'hidden\n');
    expect(read((await layOut(WORKTREE)).folder, 'a.txt')).toBe('hidden\n');
  });

  test('is refused with a conflict in it', async () => {
    repository.git('checkout', '--quiet', '-b', 'other');
    repository.commit({ 'a.txt': 'theirs\n' });
    repository.git('checkout', '--quiet', 'main');
    repository.commit({ 'a.txt': 'ours\n' });
    expect(() => repository.git('merge', 'other')).toThrow();
    await expect(layOut(WORKTREE)).rejects.toThrow(
      'File "a.txt": must be merged, got a conflict; resolve it',
    );
  });
});

describe('there is refused', () => {
  test('a name that git does not know, and one like an option', async () => {
    for (const name of ['no-such-thing', '--all', 'HEAD:a.txt']) {
      await expect(layOut(name)).rejects.toMatchObject({ code: 'REVISION_UNKNOWN' });
    }
  });

  test('every revision where there is no git, with how to get it', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = repository.cache;
    try {
      await expect(layOut('HEAD')).rejects.toMatchObject({
        code: 'CLIENT_MISSING',
        message: expect.stringContaining("install it, as the package 'git'"),
      });
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  test('a folder that is not a clone', async () => {
    mkdirSync(repository.cache);
    await expect(layOutTree(repository.cache, 'HEAD', repository.cache)).rejects.toThrow(
      /must be a clone of the program, whose revisions git knows, got one that is not a repository/,
    );
  });

  test('a commit that a shallow clone lacks, with how to get it', async () => {
    const first = repository.git('rev-parse', 'HEAD');
    repository.commit({ 'a.txt': 'second\n' });
    const clone = path.join(repository.cache, 'shallow');
    repository.git('clone', '--quiet', '--depth=1', `file://${repository.folder}`, clone);
    await expect(layOutTree(clone, first, repository.cache)).rejects.toMatchObject({
      code: 'REVISION_SHALLOW',
      message: expect.stringContaining('git fetch --unshallow'),
    });
    expect(read((await layOutTree(clone, 'HEAD', repository.cache)).folder, 'a.txt')).toBe(
      'second\n',
    );
  });

  test.each([
    ['an absolute link', { 'x/out': '/etc/passwd' }],
    ['a link above the root', { 'x/out': '../../etc' }],
    ['a link that leaves through another one', { deep: 'x/y', 'x/out': '../deep/../../..' }],
  ])('%s', async (_what, links) => {
    repository.write('x/y/file', '1');
    for (const [name, target] of Object.entries(links)) {
      symlinkSync(target, path.join(repository.folder, name));
    }
    repository.commit();
    await expect(layOut('HEAD')).rejects.toMatchObject({
      code: 'REVIEW_LINK_LEAVES_TREE',
      message: expect.stringMatching(/^Link "x\/out": must lead to a file of the repository, got/),
    });
    expect(readdirSync(path.join(repository.cache, 'review/trees'))).toEqual([]);
  });

  test.each([
    ['that are not UTF-8', Buffer.from([0x61, 0xff])],
    ['with an escape', 'a\u001b[2Jb'],
    ['that turn the reading direction', 'a\u202eb'],
    ['of another place', '..'],
    ["of git's own folder", '.GIT'],
    ['of packages', 'node_modules'],
    ['with a slash, which is not a folder', '../../out'],
  ])('names %s', async (_what, name) => {
    const commit = repository.commitTree({ mode: '100644', name, object: repository.blob('1') });
    await expect(layOut(commit)).rejects.toMatchObject({ code: 'REVIEW_NAME_REFUSED' });
  });

  test('a folder that hides behind a link of its name', async () => {
    const object = repository.blob('/tmp');
    const folder = repository.gitWith(`100644 blob ${object}\tfile\n`, 'mktree');
    const commit = repository.commitTree(
      { mode: '120000', name: 'a', object },
      { mode: '40000', name: 'a', object: folder },
    );
    await expect(layOut(commit)).rejects.toMatchObject({
      code: 'REVIEW_NAME_REFUSED',
      message: expect.stringContaining('got a folder that is a file as well'),
    });
  });
});
