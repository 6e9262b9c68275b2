import { existsSync, readFileSync } from "node:fs";
import { AwsError } from "../aws-json-server.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";
import type { KmsKey } from "./kms-key.ts";
import { advanceKey, aliasArn, isDestroyed, keyArn } from "./kms-key.ts";

interface KeyFile {
  note: string;
  keys: KmsKey[];
  /** Alias name, such as `alias/platform`, to key id. */
  aliases: Record<string, string>;
}

export interface KeyRing {
  add: (key: KmsKey) => void;
  addAlias: (alias: string, key: KmsKey) => void;
  /**
   * @param reference a key id, a key ARN, an alias or an alias ARN
   * @throws NotFoundException, also for a key whose deletion is complete
   */
  find: (reference: string) => KmsKey;
  /** Undefined for an id that never was a key's. */
  findById: (keyId: string) => KmsKey | undefined;
  /** Keeps every change made to a key since. */
  save: () => void;
}

const note =
  "Keys of a local development stack, in the clear. This is not a key management service.";

/**
 * The keys of the local KMS: in memory, or in a file that only its owner may read, written before
 * any change is acknowledged.
 *
 * @param path of the file; absent for memory only
 */
export function openKeyRing(now: () => number, path?: string): KeyRing {
  const { keys, aliases } =
    path && existsSync(path) ? readKeyFile(path) : { keys: [], aliases: {} };
  const keyById = new Map(keys.map((key) => [key.id, key]));
  const aliasTargets = new Map(Object.entries(aliases));

  const save = (): void => {
    if (!path) return;
    const file: KeyFile = {
      note,
      keys: [...keyById.values()],
      aliases: Object.fromEntries(aliasTargets),
    };
    writeFileAtomically(path, JSON.stringify(file, undefined, 2));
  };

  const findById = (keyId: string): KmsKey | undefined => {
    const key = keyById.get(keyId);
    if (!key) return undefined;
    const before = key.materials.length;
    advanceKey(key, now());
    if (key.materials.length !== before) save();
    return key;
  };

  const find = (reference: string): KmsKey => {
    const name = reference.startsWith("arn:") ? reference.replace(/^(?:[^:]*:){5}/, "") : reference;
    const isAlias = name.startsWith("alias/");
    const key = findById(isAlias ? (aliasTargets.get(name) ?? "") : name.replace(/^key\//, ""));
    if (key && !isDestroyed(key)) return key;
    throw new AwsError(
      "NotFoundException",
      isAlias
        ? `Alias ${aliasArn(name)} is not found.`
        : `Key '${keyArn(name.replace(/^key\//, ""))}' does not exist`,
    );
  };

  const add = (key: KmsKey): void => {
    keyById.set(key.id, key);
    save();
  };

  const addAlias = (alias: string, key: KmsKey): void => {
    if (aliasTargets.has(alias))
      throw new AwsError(
        "AlreadyExistsException",
        `An alias with the name ${aliasArn(alias)} already exists`,
      );
    aliasTargets.set(alias, key.id);
    save();
  };

  return { add, addAlias, find, findById, save };
}

const readKeyFile = (path: string): KeyFile => JSON.parse(readFileSync(path, "utf8")) as KeyFile;
