"""The words beside a name that tell whether it is a person's, a place's or an association's; all folded."""

from __future__ import annotations

TITLES = frozenset(
    "herr hr fru fr froken doktor dr dr. mr mr. mrs mrs. ms ms. miss sir prof prof. professor rektor rektorn larare lararen"
    " magister handlaggare handlaggaren kommunalrad kommunalradet ordforande ordforanden vaktmastare vaktmastaren busschauffor"
    " busschaufforen chauffor chaufforen underskoterska underskoterskan sjukskoterska sjukskoterskan lakare lakaren"
    " socialsekreterare socialsekreteraren tranare tranaren jurist juristen direktor chef chefen enhetschef enhetschefen"
    " handledare handledaren assistent assistenten kurator kuratorn kollega kollegan elev eleven brukare brukaren politiker"
    " politikern statsrad minister ministern prast prasten kyrkoherde polis polisen bonde bonden snickare snickaren maklare"
    " maklaren hyresvard hyresvarden agare agaren kassor kassoren sekreterare sekreteraren teacher doctor principal nurse"
    " familj familjen syskonen makarna opettaja rehtori tohtori rouva lararn magistern vaktaren ordningsvakten kocken stadaren"
    " kontaktpersonen kontaktperson skotaren skolskoterska skolskoterskan distriktsskoterska distriktsskoterskan barnmorskan"
    " tandlakare tandlakaren psykologen fritidsledare fritidsledaren pedagogen barnskotaren arkitekten ingenjoren inspektoren"
    " projektledaren registratorn receptionisten kommunikatoren utredaren samordnaren kommundirektor kommundirektoren ledamoten"
    " ledamot borgmastare diakonen pastor pastorn imamen biskop biskopen tolken ombudet advokaten entreprenoren arrendatorn"
    " markagaren simlararen bibliotekarien coachen praktikanten vikarien hyresgasten gubben gumman tant tanten".split()
)
KIN = frozenset(
    "barnet fadern modern pojken flickan granne grannen man maken fru frun sambo sambon son sonen dotter dottern barn barnen mamma"
    " pappa mor far bror brodern syster"
    " systern farmor farfar mormor morfar kusin moster faster farbror morbror svarmor svarfar svager barnbarn barnbarnet exman"
    " exfru ex pojkvan flickvan van vannen kompis kompisen vanner husband wife son daughter neighbour neighbor mother father"
    " brother sister friend uncle aunt partner boyfriend girlfriend grandmother grandfather landlord colleague kid"
    " naapurini poikani tyttareni lapseni mieheni vaimoni aitini isani hund baby lillebror lillasyster storebror storasyster"
    " kusinen mamman pappan morsan farsan brorsan brorsa syrran syrra tjejen killen kille tjej fastman fastmo svagerska bonusson"
    " bonusdotter bonussonen bonusdottern styvson styvdotter systerson systerdotter brorson brorsdotter sonson sondotter dotterson"
    " dotterdotter svarson svardotter polare polaren klasskompis vaninna tvillingarna barnen grannarna".split()
)
CALLED = frozenset("heter hette heta kallas kallad namnet undertecknad named called nimeni nimi".split())
CALLED_PHRASES = frozenset({"namn ar", "name is", "nimeni on"})
PERSON_PHRASES = frozenset({"det ar", "det var", "har ar", "jag ar", "this is", "i am", "it was"})
GREETINGS = frozenset(
    "hej hejsan hallo tjena tjenare kara basta tack halsa halsar hi hello dear hey thanks hei moi terve kiitos morsning".split()
)
CLOSINGS = frozenset(
    "mvh vh bh mh halsn"
    " halsningar halsning halsar hn h vanligen vanliga vanlig regards sincerely best cheers yours terveisin kram kramar tacksam"
    " hogaktningsfullt faithfully wishes undrar fragar undertecknad gott tillonskar".split()
)
OWNED = KIN | frozenset(  # what stands after a genitive that is a person's
    "larare handlaggare kontaktperson klass bil cykel hund katt hast tomt tomtkarta brev mejl uppsagning bortgang begravning"
    " pension fodelsedag efternamn fornamn telefon adress lagenhet rullator".split()
)
NAMED_THINGS = frozenset(  # what carries a name that is nobody's
    "kvarteret fastigheten forskolan forskola skolan restaurangen restaurang baren puben krogen kafeet hotellet campingen boendet"
    " aldreboendet avdelningen projektet appen programmet systemet tidningen farjan baten fartyget foreningen klubben bandet gruppen"
    " stiftelsen butiken affaren galleriet biografen filmen boken pjasen laget".split()
)
LOCATIVES = frozenset(
    "i pa vid mot genom utanfor nara kring runt mellan bakom over forbi omkring langs utmed in at near around between via".split()
)
MOVEMENT = frozenset(
    "linje linjen sparvagnen pendeln tunnelbanan hallplatsen avgangen"
    " taget bussen buss resa resan aka aker akte kora kor korde flytta flyttar flyttade flytt kommer kom komma vagen vag farjan"
    " gar gick road train bus trip moved travel".split()
)
PERSON_VERBS = frozenset(
    "sa sade sager skrev skriver ringde ringer svarade svarar fragade fragar undrar undrade berattade berattar lovade lovar tyckte"
    " tycker menar menade bor bodde heter jobbar arbetar hjalpte hjalper gick vill ville klagade klagar ansokte anmalde akte"
    " kande kanner horde minns mindes traffade parkerar eldar ager agde cyklar tror trodde vet visste tackade bad ordnade lagade"
    " gifter forskar undervisar pluggar studerar hamtade lamnade ramlade snubblade somnade gratit grater skrattade malar syr bakar"
    " bakade sprang avled foddes tappade glomde orkar orkade vagar vagade alskar hatar betalade kopte salde hyr hyrde intygar halsar"
    " stadar stadade skottar skottade skriker skrek mobbas mobbades mobbar trivs langtar langtade hotade hotar forklarade"
    " halsade klagat ringt skrivit fragat svarat lovat hort skickade traffar vantade vagrar vagrade sover sjunger"
    " says said wrote writes called calls lives lived told asked asks thinks knows works owns wants wanted helped kertoi sanoi"
    " kysyi asuu".split()
)
FACILITIES = frozenset(
    "gata gatan vag vagen torg torget grand stig alle backe park parken bro bron kyrka kyrkan kapell sjukhus vardcentral"
    " bibliotek museum teater bygdegard kvarn hamn camping badplats hage udde strand idrottsplats ip arena hall bollklubb klubb"
    " idrottsforening forening stiftelse fond pris stipendium minne tidning forsamling kommun kommuns stad stads lan bolag ab hb kb"
    " street road avenue lane park school church hospital square foundation club parkering station gymnasium folkhogskola hotell"
    " restaurang pizzeria cafe konditori kiosk apotek bageri akeri akademi institut universitet hogskola forlag"
    " begravningsbyra fastigheter entreprenad maleri frisor damfrisering salong revy".split()
)
SOFT_FACILITIES = frozenset("skola skolan forskola forskolan skolas plats".split())
FACILITY_ENDINGS = (
    "gatan gata vagen vag torget torg granden skolan skola kyrkan parken plan planen plats platsen huset hallen bron backen"
    " stigen allen leden kajen hamnen garden sjon berget dalen byn viken stationen centrum sjukhuset kommun verket bolaget"
    " styrelsen myndigheten kassan banken partiet forbundet foreningen klubben trafiken tjansten namnden radet byran ringen"
    " lagen forskola skolans gymnasiet museet biblioteket teatern arenan badet festivalen bladet tidningen posten katu tie"
    " rondellen korsningen tunneln kvarnen fjorden anlaggningen affaren butiken macken kiosken bostader bygg"
).split()
ORGANISATION_MARKS = frozenset(
    "ab hb kb ltd inc gmbh oy ek for klubb bollklubb if ik bk ff sk fc brf kommun lan region party".split()
)
PLACE_HEADS = frozenset(
    "ostra vastra norra sodra lilla stora nya gamla ovre nedre inre yttre mellersta sankt saint st s:t santa queen king new old"
    " north south east west mount lake fort port san los el grand hotell hotel kafe cafe restaurang pizzeria skola forskola".split()
)
PARTICLES_INSIDE = frozenset(
    "von af de la der den van del della di da dos du el al bin bint ibn ben abu abd ould zu le".split()
)
TOWARDS = frozenset(  # verbs after which "på" leads to a person, not to a place
    "rostade rostar litar litade vantar vantade tanker tankte skyller skyllde ropar ropade lyssnar lyssnade halsar halsade halsa"
    " skriker skrek arg svar svarar trott sur".split()
)
BEING = frozenset("har hade ar ska skall skulle kan vill kommer blev fick behover brukar maste".split())
SUBJECTS = frozenset(  # names that are also words, but no thing that is or has anything: "Jan har", not "Sol är"
    "jan per hans kaj max tom stig tilda marina klara linnea sanna tove tova tord ville putte inge jon edit emir enar bo bror dan"
    " my liv carol sam love ase åse osten östen jarl frej gry siri adel albin amir ante asko arvo enes fia idar jack kari milan mila myra"
    " nalle onni omer ömer owe rasa said sini suvi vesa toivo urho ladan murat musse pascal sander tor snorre".split()
)
AGED = r" (?:är|fyller|fyllde|blir|blev) (?:nu |snart |bara |redan )?(?:\d{1,3}|[a-zåäö]{2,9}) (?:år|månader|veckor)(?! sedan)(?!\w)"
MEASURES = frozenset(
    "år månad vecka dag dygn timme gång person styck hushåll barn elev kvm km mil invånare capita".split()
)
AND = frozenset("och and eller or samt & ja".split())
CALENDAR = frozenset("in on by since until during early late mid next last this i before after".split())
