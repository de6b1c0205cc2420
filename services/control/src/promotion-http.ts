import { Problem } from '@stratalab/contracts';
import type { controlRoutes } from '@stratalab/contracts/control';
import type { Handlers, ServiceContext } from '@stratalab/kernel';
import type { ControlPorts, PromotionFolder } from './ports.ts';
import { finishPromotion } from './usecases/promotion/finish-promotion.ts';
import { openPromotedLinks } from './usecases/promotion/open-links.ts';
import { planPromotion } from './usecases/promotion/plan-promotion.ts';
import { abandonPromotion, beginPromotion, getPromotion, listReceived, putPromotedBytes } from './usecases/promotion/receive-promotion.ts';

type PromotionOperation =
  'planPromotion' | 'beginPromotion' | 'getPromotion' | 'listReceivedFiles' | 'putPromotedBytes' | 'finishPromotion' | 'openPromotedLinks' | 'abandonPromotion';

/** Binds the routes by which tenants of other installations arrive. */
export function createPromotionHandlers(context: ServiceContext<ControlPorts>): Pick<Handlers<typeof controlRoutes>, PromotionOperation> {
  const folder = (): PromotionFolder => {
    const { promotions } = context.ports;
    if (promotions === undefined) throw new Problem('unavailable', { detail: 'This installation does not receive tenants of others.' });
    return promotions;
  };
  return {
    planPromotion: (call, { body }) => planPromotion(folder(), call, body),
    beginPromotion: (call, { params, body }) => beginPromotion({ folder: folder(), ports: context.ports }, call, params.name, body),
    getPromotion: (call, { params }) => getPromotion(call, params.name),
    listReceivedFiles: (call, { params, body }) => listReceived(folder(), call, params.name, body.files),
    putPromotedBytes: (call, { params, query }, { request }) => putPromotedBytes(folder(), call, { ...params, ...query, body: unsafeStream(request.body) }),
    finishPromotion: (call, { params }) => finishPromotion({ folder: folder(), ports: context.ports }, call, params.name),
    openPromotedLinks: (call, { params, body }) => openPromotedLinks(context, call, { name: params.name, urns: body.urns }),
    abandonPromotion: (call, { params }) => abandonPromotion(folder(), call, params.name)
  };
}

/** The parser of `application/octet-stream` hands the stream through. */
function unsafeStream(body: unknown): AsyncIterable<Uint8Array> {
  return body as AsyncIterable<Uint8Array>;
}
