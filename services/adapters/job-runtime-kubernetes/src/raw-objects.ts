import { HttpMethod, KubernetesObjectApi, PatchStrategy, type KubernetesObject } from '@kubernetes/client-node';

/**
 * Server-side apply of an object exactly as it is written. The client's own calls translate known kinds first and lose on the way what they call by another name:
 * `from` of a network policy is `_from` to them, and a rule without it lets everybody in.
 */
export class RawObjectApi extends KubernetesObjectApi {
  async applyRaw(object: KubernetesObject, fieldManager: string): Promise<KubernetesObject> {
    const context = this.configuration.baseServer.makeRequestContext(await this.specUriPath(object, 'patch'), HttpMethod.PATCH);
    context.setHeaderParam('Accept', 'application/json');
    context.setHeaderParam('Content-Type', PatchStrategy.ServerSideApply);
    for (const [name, value] of Object.entries({ fieldManager, force: 'true', fieldValidation: 'Strict' })) context.setQueryParam(name, value);
    context.setBody(JSON.stringify(object));
    return this.requestPromise(context);
  }
}
