/**
 * How questions about the text in a picture are asked in each language, for a native speaker to check. A
 * pattern matches a whole question in small letters, without its marks at the end; `NOUN` stands for any of
 * the nouns, `WORDS` for what somebody looks for, with or without quotation marks, and `PLACE` for a place or
 * nothing.
 */
export const readingRules = {
  en: {
    nouns:
      '(?:street |road |traffic |shop |name |neon )?(?:signs?|boards?|posters?|labels?|banners?|billboards?|notices?|plates?|screens?|displays?|pages?|papers?|notes?|books?|texts?|writing|words?|letters|captions?|subtitles?|titles?|headlines?|tags?|menus?|slides?|cards?|boxes|box|shirts?|whiteboard|scoreboard)',
    read: [
      'what (?:does|do|is|are) (?:it|(?:the|that|this|those|these) NOUN)(?: PLACE)? (?:say|saying|read)(?: PLACE)?',
      "what(?:'s| is| are) (?:written|printed)(?: (?:there|here|on it|(?:on|in) (?:the|that|this) (?:NOUN|picture|image|video)))?(?: PLACE)?",
      "what(?:'s| is| are) on (?:the|that|this|those|these) (?:signs?|posters?|labels?|banners?|billboards?|notices?)(?: PLACE)?",
      "what(?:'s| is| are) the (?:texts?|writing|words?|captions?|titles?|headlines?|subtitles?)(?: (?:on|in) (?:the|that|this) (?:NOUN|picture|image|video))?(?: PLACE)?",
      '(?:what|which) (?:texts?|words|letters)(?: (?:is|are) (?:there|written|shown)| (?:do|can) you (?:see|read))(?: PLACE)?',
      'what (?:can|do) you read(?: (?:there|here|on (?:the|that|this) NOUN))?(?: PLACE)?',
      '(?:please )?(?:(?:can|could|would) you )?(?:please )?read(?: out)?(?: me)? (?:it|this|that|everything|(?:the|that|this|those|these|any|all|all the|every) NOUN)(?: PLACE)?(?: (?:out|aloud|to me|for me))*',
      'is there (?:any |some )?(?:text|writing|anything written|anything to read|something to read|something written)(?: (?:on|in) (?:the|that|this) (?:NOUN|picture|image|video))?(?: PLACE)?',
      'are there any (?:words|letters)(?: (?:on|in) (?:the|that|this) (?:NOUN|picture|image|video))?(?: PLACE)?',
    ],
    says: [
      'does (?:it|(?:the|that|this|any|a) NOUN)(?: PLACE)? (?:say|read) WORDS',
      '(?:is|are) there (?:a |an |any |some )?NOUN (?:that|which) (?:says?|reads?) WORDS',
      '(?:is|are) there (?:a |an |any |some )?NOUN (?:saying|reading|with the words?|with the text) WORDS',
      '(?:can|do) you (?:see|read) the words? WORDS',
    ],
    watch: [
      'TELL (?:a |an |the |any |some )?(?:NOUN|it|something|anything)(?: that)? (?:says|say|reads|read|shows the words?) WORDS',
      'TELL you (?:see|read) (?:a |an |the |any )?(?:NOUN )?(?:that says |saying |with the words? )?QUOTED',
      'TELL (?:you (?:see|read) |there is |there are )the words? WORDS',
      'TELL the words? WORDS (?:appears?|comes up|shows up|can be read)',
      'TELL (?:you see )?(?:a |any |some |new |the |some new )?(?:text|texts|writing|words)(?: (?:appears?|shows? up|comes? up|is shown|can be read|is visible|changes?))?',
      'TELL (?:there is|you see|there are) (?:any |some |new |some new )?(?:text|writing|words|something to read|something written|anything to read|anything written)',
      'TELL (?:you can read (?:something|anything)|there is something (?:new )?to read|the NOUN changes)',
    ],
    tell: '(?:please )?(?:tell me|let me know|say|notify me|alert me|warn me|say something)(?: when| whenever| as soon as| if| once| every time| each time)',
    places: {
      left: '(?:on|at|to) the left',
      middle: '(?:in|at) the (?:middle|centre|center)',
      right: '(?:on|at|to) the right',
    },
  },
  fr: {
    nouns:
      '(?:panneaux?|enseignes?|affiches?|pancartes?|étiquettes?|écriteaux?|plaques?|écrans?|tableaux?|textes?|pages?|livres?|cartons?|banderoles?|titres?|sous-titres?|menus?|inscriptions?|maillots?|t-shirts?|mots?|feuilles?)',
    read: [
      "(?:que|qu'est-ce que|qu'est ce que) (?:dit|disent) (?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN(?: PLACE)?",
      "(?:que|qu'est-ce que|qu'est ce que) (?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN(?: PLACE)? (?:dit|disent|indique)",
      "qu'est[- ]ce qui est (?:écrit|marqué|inscrit)(?: (?:là|ici|dessus|sur (?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN))?(?: PLACE)?",
      "(?:qu'est[- ]ce qu'il y a|qu'y a-t-il) (?:d')?écrit(?: (?:là|ici|dessus|sur (?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN))?(?: PLACE)?",
      "(?:c'est|il y a|il est) (?:écrit|marqué) quoi(?: (?:là|ici|dessus|sur (?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN))?(?: PLACE)?",
      "(?:que peut-on|que peux-tu|que pouvez-vous|qu'est-ce que tu peux|qu'est-ce que vous pouvez|qu'est-ce qu'on peut) lire(?: (?:là|ici|sur (?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN))?(?: PLACE)?",
      "(?:que lis-tu|que lisez-vous|que lit-on)(?: (?:là|ici|sur (?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN))?(?: PLACE)?",
      "(?:peux-tu |pouvez-vous |pourrais-tu |pourriez-vous )?(?:me )?(?:lis|lisez|lire)(?:-moi)? (?:ça|cela|tout|(?:(?:le|la|les|ce|cet|cette|ces) |l')NOUN)(?: PLACE)?",
      "(?:est-ce qu'il y a|y a-t-il|il y a) (?:du texte|un texte|quelque chose à lire|quelque chose d'écrit)(?: PLACE)?",
      "quel est le (?:texte|titre|mot)(?: (?:sur|dans) (?:(?:le|la|les|ce|cet|cette|ces) |l')(?:NOUN|image|vidéo))?(?: PLACE)?",
    ],
    says: [
      "(?:est-ce que )?(?:(?:le|la|ce|cet|cette|un|une) |l')NOUN(?: PLACE)? (?:dit|dit-il|dit-elle|indique) WORDS",
      "(?:est-ce qu'il y a|y a-t-il|il y a) (?:un|une|des) NOUN (?:qui dit|qui disent|qui indique|avec le mot|avec les mots|où il est écrit|marqué) WORDS",
      "(?:est-il|est-ce qu'il est|il est) (?:écrit|marqué) WORDS",
    ],
    watch: [
      "TELL ?(?:(?:un|une|le|la|des|les) |l')NOUN (?:dit|disent|indique|affiche|porte le mot) WORDS",
      "TELL ?(?:il est|il y a|c'est) (?:écrit|marqué) WORDS",
      'TELL ?(?:tu vois|tu lis|vous voyez|vous lisez|on voit|on lit|il y a) (?:les? mots?) WORDS',
      'TELL ?(?:tu vois|tu lis|vous voyez|vous lisez|on voit|on lit|il y a) QUOTED',
      "TELL ?(?:du |un |le |un nouveau )?texte (?:apparaît|apparait|s'affiche|est visible|change)",
      "TELL ?(?:il y a|tu vois|vous voyez|on voit) (?:du texte|un texte|quelque chose à lire|quelque chose d'écrit)",
      "TELL ?(?:(?:le|la) |l')NOUN change",
    ],
    tell: "(?:dis-moi|dites-moi|préviens-moi|prévenez-moi|avertis-moi|avertissez-moi|signale-moi|signalez-moi)(?: quand| lorsque| lorsqu'| dès que| dès qu'| si| s'| chaque fois que| chaque fois qu'| à chaque fois que| à chaque fois qu')",
    places: { left: 'à gauche', middle: 'au (?:milieu|centre)', right: 'à droite' },
  },
  es: {
    nouns:
      '(?:letreros?|carteles|cartel|señales|señal|rótulos?|pancartas?|etiquetas?|placas?|matrículas?|pantallas?|pizarras?|textos?|páginas?|libros?|títulos?|subtítulos?|menús?|anuncios?|avisos?|camisetas?|letras|palabras?|hojas?)',
    read: [
      'qué (?:dice|dicen|pone|ponen)(?: (?:ahí|allí|aquí|en (?:el|la|los|las|ese|esa|este|esta) NOUN|(?:el|la|los|las|ese|esa|este|esta|esos|esas|estos|estas) NOUN))?(?: PLACE)?',
      'qué (?:está|hay|tiene) escrito(?: (?:ahí|allí|aquí|en (?:el|la|los|las|ese|esa|este|esta) NOUN))?(?: PLACE)?',
      'qué (?:se lee|se puede leer|puedes leer|puede leer|lees|lee usted)(?: (?:ahí|allí|aquí|en (?:el|la|los|las|ese|esa|este|esta) NOUN))?(?: PLACE)?',
      '(?:puedes |puede |podrías )?(?:leer|lee|lea|léeme|leerme)(?: me)? (?:eso|esto|todo|lo que (?:dice|pone)|(?:el|la|los|las|ese|esa|este|esta) NOUN)(?: PLACE)?',
      'hay (?:algún |algo de |un )?(?:texto|algo escrito|algo que leer|letras|palabras)(?: PLACE)?',
      'cuál es el (?:texto|título)(?: (?:de|en) (?:el|la|los|las|ese|esa|este|esta) (?:NOUN|imagen|vídeo|video)| del NOUN)?(?: PLACE)?',
    ],
    says: [
      '(?:el|la|ese|esa|este|esta|algún|alguna) NOUN(?: PLACE)? (?:dice|pone) WORDS',
      '(?:dice|pone) QUOTED(?: (?:el|la|en el|en la) NOUN)?',
      'hay (?:un|una|algún|alguna) NOUN (?:que (?:dice|diga|pone|ponga)|con la palabra|con las palabras|donde (?:dice|pone)) WORDS',
    ],
    watch: [
      'TELL (?:un |una |el |la |algún |alguna )NOUN (?:diga|dice|ponga|pone|muestre la palabra) WORDS',
      'TELL (?:diga|ponga|aparezca) (?:la palabra )?QUOTED',
      'TELL (?:veas|vea|leas|lea|haya|se lea|aparezca) (?:la palabra|las palabras) WORDS',
      'TELL (?:veas|vea|leas|lea) QUOTED',
      'TELL (?:aparezca|aparece|haya|hay|se vea|veas|vea) (?:algún |un |el |un nuevo )?(?:texto|algo que leer|algo escrito)',
      'TELL (?:el |un |algún )?texto (?:aparezca|aparece|cambie|cambia)',
      'TELL cambie (?:el|la) NOUN',
    ],
    tell: '(?:dime|dígame|díganme|avísame|avíseme|avísenme|adviérteme)(?: cuando| en cuanto| si| cada vez que| tan pronto como)',
    places: { left: 'a la izquierda', middle: 'en (?:el )?(?:medio|centro)', right: 'a la derecha' },
  },
  zh: {
    nouns:
      '(?:牌子|标志|标牌|招牌|路牌|门牌|车牌|指示牌|告示牌?|海报|标签|横幅|广告牌|屏幕|黑板|白板|标题|字幕|文字|字|纸条?|纸|书|菜单|牌)',
    read: [
      'PLACE(?:的)?(?:那个|这个|那些|这些|那块|这块)?NOUN(?:上面|上|里)?(?:写|印|标|显示|说)(?:着|了|的)?(?:是)?(?:些)?(?:什么|啥)(?:字|文字)?',
      'PLACE(?:的)?(?:上面|那里|这里|画面上|画面里|图上)?(?:写|印)(?:着|了|的)?(?:是)?(?:些)?(?:什么|啥)(?:字|文字)?',
      'PLACE(?:的)?(?:那个|这个|那块|这块)?NOUN(?:上面|上)?(?:是|有)(?:什么|哪些|啥)(?:字|文字)',
      '(?:请)?(?:帮我)?(?:读|念)(?:一下|出来|出|一读|一念)?PLACE(?:的)?(?:那个|这个|那些|这些|那块|这块)?(?:NOUN|上面的字|上面的文字|NOUN上的字|NOUN上的文字)',
      '(?:你)?(?:能|可以)?(?:读|认)(?:到|出)(?:些)?(?:什么|哪些)(?:字|文字)?',
      '(?:你)?(?:看到|看见|看得到)(?:了)?(?:什么|哪些)(?:字|文字)',
      '(?:画面上|画面里|图上|上面|这里|那里)?(?:有没有|有)(?:什么|任何)?(?:文字|字|可以读的)(?:吗)?',
      '(?:这|那|上面)是(?:什么|哪些)字',
    ],
    says: [
      '(?:那个|这个|那块|这块)?NOUN(?:上面|上)?(?:是不是)?(?:写|说)(?:着|的是|的)?WORDS吗?',
      '(?:有没有|有)(?:一个|一块)?(?:写着|写有)WORDS(?:的)?NOUN吗?',
      '(?:有没有|有)WORDS(?:这个词|这几个字|字样)吗?',
    ],
    watch: [
      '(?:当|如果|一旦|只要)?(?:有|看到|看见|出现)?(?:一个|一块|那个|这个|任何)?NOUN(?:上面|上)?(?:写着|写有|显示|说)WORDSTELL',
      '(?:当|如果|一旦|只要)?(?:有|看到|看见|出现)(?:一个|一块)?(?:写着|写有)WORDS(?:的)?NOUNTELL',
      '(?:当|如果|一旦|只要)?(?:看到|看见|出现|读到)QUOTED(?:这个词|这几个字|字样|的字样)?TELL',
      '(?:当|如果|一旦|只要)?(?:看到|看见|出现|读到)WORDS(?:这个词|这几个字|字样|的字样)TELL',
      '(?:当|如果|一旦|只要)?(?:画面上|画面里)?(?:有|出现|看到|看见)(?:了)?(?:新的|任何)?(?:文字|字)(?:出现)?TELL',
      '(?:当|如果|一旦|只要)?(?:画面上|画面里)?(?:文字|字)(?:出现|变了|改变)TELL',
      '告诉我什么时候(?:会)?(?:有|出现|看到)(?:新的|任何)?(?:文字|字)',
    ],
    tell: '(?:的时候|时)?[,，]?(?:请)?(?:就)?(?:请)?(?:告诉我|提醒我|通知我|跟我说|说一声)(?:一声|一下)?',
    places: { left: '(?:左边|左侧|左面)', middle: '(?:中间|中央)', right: '(?:右边|右侧|右面)' },
  },
} as const satisfies Readonly<Record<string, LanguageRules>>;

/** A language in which questions about text are understood (BCP 47). */
export type ReadingLanguage = keyof typeof readingRules;

/** Those languages. */
export const readingLanguages: readonly ReadingLanguage[] = ['en', 'fr', 'es', 'zh'];

/** How one language asks. */
interface LanguageRules {
  /** Things that carry text. */
  readonly nouns: string;
  /** Asks what there is to read. */
  readonly read: readonly string[];
  /** Asks whether words are there. */
  readonly says: readonly string[];
  /** Asks to be told; `TELL` stands for `tell`, `QUOTED` for words in quotation marks or in capitals. */
  readonly watch: readonly string[];
  readonly tell: string;
  readonly places: Readonly<Record<'left' | 'middle' | 'right', string>>;
}
