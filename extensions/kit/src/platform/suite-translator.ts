import { Gettext, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { Catalogue } from '../locale/catalogue';

const domain = 'stratalab';
const cataloguesByLanguage: Readonly<Record<string, () => Promise<Catalogue>>> = {
  zh_CN: () => import('../locale/zh-cn').then(({ zhCn }) => zhCn)
};

export interface SuiteTranslator extends ITranslator {
  /** Resolves when the catalogue of the user's language is there; at once for English. Never rejects. */
  readonly ready: Promise<void>;
}

/**
 * Lab's translator with the suite's own texts in the languages that ship with it.
 * A language pack of the server wins; until the catalogue has arrived the texts are English.
 */
export function createSuiteTranslator(translator: ITranslator): SuiteTranslator {
  const language = translator.languageCode;
  let own: TranslationBundle | undefined;
  const load = cataloguesByLanguage[language];
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

/** A gettext bundle from a plain table; one form per key, as Chinese has one plural form. */
export function bundleOf(catalogue: Catalogue, language: string): TranslationBundle {
  const gettext = new Gettext({ domain, locale: language });
  const messages = Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, [text]]));
  gettext.loadJSON({ '': { domain, language, pluralForms: 'nplurals=1; plural=0;' }, ...messages }, domain);
  return gettext;
}
