import type { ReadAccessItem } from "../access/access-item.ts";
import type { OperationRequest } from "../http/request.ts";
import type { countBackupCodesRoute } from "./api.ts";

export async function countBackupCodes(
  { caller }: OperationRequest<typeof countBackupCodesRoute>,
  { accessItem }: { accessItem: ReadAccessItem },
): Promise<{ remaining: number }> {
  const item = await accessItem(caller.manufacturerId, caller.memberId, true);
  return { remaining: item?.secondFactors?.backupCodesLeft ?? 0 };
}
