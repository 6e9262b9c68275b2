import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { listDevicesRoute } from "./api.ts";
import { toDeviceView } from "./device.ts";
import type { DeviceStore } from "./store.ts";

export async function listDevices(
  { caller }: OperationRequest<typeof listDevicesRoute>,
  { devices }: { devices: Pick<DeviceStore, "listDevices"> },
): Promise<OperationBody<typeof listDevicesRoute>> {
  return { items: (await devices.listDevices(caller.memberId)).map(toDeviceView) };
}
