import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { identityKeys, sealedAttributes } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { SealedField, SealedFields } from "./advance-re-encrypt-job.ts";
import { Envelope } from "./envelope.ts";
import type { FieldPlace } from "./seal-field.ts";

/** Members of one page: each costs a query of its own. */
const pageItems = 25;

type Item = Readonly<Record<string, unknown>> & { pk: string; sk: string };

/** One page of a manufacturer's attributes that must be sealed. */
export interface FieldsPage {
  readonly fields: SealedField[];
  /** Places whose value is no envelope of ours, though one belongs there. */
  readonly unsealed: FieldPlace[];
  readonly nextCursor?: string;
}

/** One page of a manufacturer's sealed fields, whatever seals them. */
export type ListSealedFields = (
  manufacturerId: string,
  cursor: string | undefined,
) => Promise<FieldsPage>;

/**
 * Finds the sealed attributes of a manufacturer and of its members without a scan: along the
 * manufacturer's partition, and from each member there to the member's own. All reads are
 * consistent, so whatever is stored during a whole pass is met. The cursor is a sort key.
 */
export function listSealedFields(
  documents: DynamoDBDocumentClient,
  table: string,
): ListSealedFields {
  async function query(partition: string, prefix: string, startAfter?: string, limit?: number) {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :partition AND begins_with(sk, :prefix)`,
        ExpressionAttributeValues: { ":partition": partition, ":prefix": prefix },
        ...(limit && { Limit: limit }),
        ...(startAfter && { ExclusiveStartKey: { pk: partition, sk: startAfter } }),
      }),
    );
    return { items: Items as Item[], last: LastEvaluatedKey?.["sk"] as string | undefined };
  }

  async function factorsOf(memberId: string): Promise<Item[]> {
    const { pk } = identityKeys.memberOf(memberId);
    const factors: Item[] = [];
    let after: string | undefined;
    do {
      const page = await query(pk, sealedAttributes.factor.sortKey, after);
      factors.push(...page.items);
      after = page.last;
    } while (after !== undefined);
    return factors;
  }

  return async (manufacturerId, cursor) => {
    const { pk, sk } = identityKeys.profile(manufacturerId);
    const members = await query(pk, identityKeys.memberPrefix, cursor, pageItems);
    // The profile belongs to the last page: the one that every pass ends with.
    const profile = members.last === undefined ? (await query(pk, sk)).items : [];
    const factors = await Promise.all(
      members.items.map((member) => factorsOf(member.sk.slice(identityKeys.memberPrefix.length))),
    );
    const found = [
      ...profile.flatMap((item) => toField(manufacturerId, item, sealedAttributes.profile)),
      ...factors.flat().flatMap((item) => toField(manufacturerId, item, sealedAttributes.factor)),
    ];
    const fields = found.filter((one): one is SealedField => "envelope" in one);
    const unsealed = found.filter((one): one is FieldPlace => !("envelope" in one));
    const page = { fields, unsealed };
    return members.last === undefined ? page : { ...page, nextCursor: members.last };
  };
}

/** An attribute that is absent is nothing to open; one that is no envelope is only a place. */
function toField(
  manufacturerId: string,
  item: Item,
  { attribute }: { readonly attribute: string },
): (SealedField | FieldPlace)[] {
  if (item[attribute] === undefined) return [];
  const place = { manufacturerId, pk: item.pk, sk: item.sk, attribute };
  const { success, data } = Envelope.safeParse(item[attribute]);
  return success ? [{ place, envelope: data }] : [place];
}

/** What the re-encrypt job works on: profiles and second factors of table `identity`. */
export function sealedFieldsStore(documents: DynamoDBDocumentClient, table: string): SealedFields {
  const list = listSealedFields(documents, table);
  return {
    async list({ keyId, manufacturerId }, cursor) {
      const { fields, unsealed: _, ...rest } = await list(manufacturerId, cursor);
      return { fields: fields.filter(({ envelope }) => envelope.keyId === keyId), ...rest };
    },

    async replace({ place: { attribute, pk, sk }, envelope }, next) {
      try {
        await documents.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk, sk },
            UpdateExpression: "SET #sealed = :next",
            // The commitment is another one with each sealing: nothing newer is written over.
            ConditionExpression: "#sealed.commitment = :known",
            ExpressionAttributeNames: { "#sealed": attribute },
            ExpressionAttributeValues: { ":next": next, ":known": envelope.commitment },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
