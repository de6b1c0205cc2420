import { describe, expect, test } from '@jest/globals';
import { nullTranslator, type ITranslator } from '@jupyterlab/translation';
import { bundleOf, createSuiteTranslator } from './suite-translator';

/** Lab's translator without a pack of the suite, as it is for every language of Lab. */
function labSpeaks(languageCode: string): ITranslator {
  return { languageCode, load: domain => nullTranslator.load(domain) };
}

describe('texts of the suite in the language of Lab', () => {
  test.each(['zh_CN', 'zh-CN'])('Lab in %s: Chinese as soon as the catalogue is there', async language => {
    const translator = createSuiteTranslator(labSpeaks(language));
    expect(translator.load('stratalab').__('Cancel')).toBe('Cancel');
    await translator.ready;
    const texts = translator.load('stratalab');
    expect(texts.__('Cancel')).toBe('取消');
    expect(texts.__('version %1', 3)).toBe('版本 3');
    expect(translator.languageCode).toBe(language);
  });
  test('a counted text is Chinese for one and for many; %1 is the number, %2 the first argument', async () => {
    const translator = createSuiteTranslator(labSpeaks('zh-CN'));
    await translator.ready;
    const texts = translator.load('stratalab');
    expect([1, 5].map(n => texts._n('%1 job', '%1 jobs', n))).toEqual(['1 个作业', '5 个作业']);
    expect(texts._n('%2 row', '%2 rows', 1_000, '1,000')).toBe('1,000 行');
  });
  test('an unknown text stays English', async () => {
    const translator = createSuiteTranslator(labSpeaks('zh-CN'));
    await translator.ready;
    expect(translator.load('stratalab').__('Not in the catalogue')).toBe('Not in the catalogue');
  });
  test('other domains are left to Lab', async () => {
    const translator = createSuiteTranslator(labSpeaks('zh-CN'));
    await translator.ready;
    expect(translator.load('jupyterlab').__('Cancel')).toBe('Cancel');
  });
  test.each(['en', 'de-DE', 'constructor'])('Lab in %s: English at once', async language => {
    const translator = createSuiteTranslator(labSpeaks(language));
    await translator.ready;
    expect(translator.load('stratalab').__('Cancel')).toBe('Cancel');
  });
  test('a text with a context is its own key', () => {
    const texts = bundleOf({ texts: { 'verb\u0004Run': '运行' }, counted: {} }, 'zh_CN');
    expect([texts._p('verb', 'Run'), texts.__('Run')]).toEqual(['运行', 'Run']);
  });
});
