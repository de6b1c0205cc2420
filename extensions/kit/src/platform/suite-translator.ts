import { Gettext, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { Catalogue } from '../locale/catalogue';

const domain = 'stratalab';
/** By language tag; a catalogue is fetched only for a reader of its language. */
const cataloguesByLanguage: ReadonlyMap<string, () => Promise<Catalogue>> = new Map([['zh-CN', () => import('../locale/zh-cn').then(({ zhCn }) => zhCn)]]);

export interface SuiteTranslator extends ITranslator {
  /** Resolves when the catalogue of the user's language is there; at once for English. Never rejects. */
  readonly ready: Promise<void>;
}

/**
 * Lab's translator with the suite's own texts in the languages that ship with it.
 * Until the catalogue has arrived the texts are English.
 */
export function createSuiteTranslator(translator: ITranslator): SuiteTranslator {
  const language = tagOf(translator.languageCode);
  let own: TranslationBundle | undefined;
  const load = cataloguesByLanguage.get(language);
  const ready =
    load === undefined
      ? Promise.resolve()
      : load().then(
          catalogue => {
            own = bundleOf(catalogue, language);
          },
          (error: unknown) => console.warn(`Stratalab: no texts for ${language}`, error)
        );
  return {
    ready,
    get languageCode() {
      return translator.languageCode;
    },
    load: asked => (asked === domain && own !== undefined ? own : translator.load(asked))
  };
}

/** Lab says `zh-CN`, a locale setting `zh_CN`. */
function tagOf(languageCode: string): string {
  return languageCode.replace('_', '-');
}

/** A gettext bundle from a catalogue with one plural form. */
export function bundleOf(catalogue: Catalogue, language: string): TranslationBundle {
  const tag = tagOf(language);
  const gettext = new Gettext({ domain, locale: tag });
  // Lab's gettext believes a plural only where there are at least two forms, and looks up the dashed tag.
  const texts = Object.entries(catalogue.texts).map(([key, text]) => [key, [text]]);
  const counted = Object.entries(catalogue.counted).map(([key, text]) => [key, [text, text]]);
  const messages = Object.fromEntries([...texts, ...counted]);
  gettext.loadJSON({ '': { domain, language: tag, pluralForms: 'nplurals=1; plural=0;' }, ...messages }, domain);
  return gettext;
}
