"""Everyday English words that mean nothing to the reading: they exist, so they are no typing slips of other words."""

from __future__ import annotations

from planner.propose import vocabulary as v

COMMON = v.words("""
    able about above according across actual actually add address advance afraid after afternoon again against age ago
    agree ahead aim air alarm alive allow almost alone along already alright also although always am amount angry
    animal anniversary annoy another answer anybody anyhow anymore anyone anything anyway anywhere appear appreciate
    april area aren't argue arm around arrive art as ask asleep ate attention august aunt autumn available awake away
    awful awfully baby back bad badly bath beautiful became because become bed been before began begin begun behave
    behind being believe belong bend beneath beside besides best bet better between beyond big birthday bit bite black
    blame bless blind blood blow body bold born boring borrow boss both bother bothers bottom bought bound boy brain
    brave bread break breakfast breath bright bring broke broken brother brought bug build burn bus business busy but
    buy bye call called calm came can can't cannot care careful carefully case cat catch caught cause certain
    certainly chance change charge cheap check cheer cheerful cheers chief child choose chose christmas city class
    clear clearly clever clock cloudy clumsy coffee cold colleague come comes comfortable coming common company
    complain completely computer concern confuse consider contain continue control cook cool corner correct cost cough
    could couldn't count country couple course cousin crave craving crazy cried crime cross crush cry curious current
    cut dad daily damn dance danger dangerous dare dark date daughter day days dead deal dear death december decide
    deep definitely delay delicate delicious depend desperate despite detail devil did didn't die differ difference
    different difficult dinner dirt disappear discuss distant do doctor does doesn't dog doing don't done doubt down
    dozen draw dream dress drink drive drop drove dry due dull dumb during dust each ear early earn earth easily east
    easy eat effort eight either elbow eleven else emergency empty end enemy energy enjoy enough entire entirely equal
    error especially even evening event ever every everybody everyone everything everywhere exact exactly example
    excellent except excited excuse exercise exist expect expensive explain extra extremely eye eyes face fact fail
    fair fall false family famous fancy far farther fast fat father fault favor favour favourite fear february feed
    feel feet fell fellow felt few fewer field fight figure fill final finally find fine finger finish finished fire
    first fit five fix flat floor fly fold follow food fool foot for forget forgot forgotten forward found four free
    freeze fresh friday friend friendly from front full fun funny further future game garden gave gentle gently get
    getting girl give glad go god goes going gone good goodbye gosh got grand grandma grandpa granny grateful great
    grew ground group grow grown guess guest guests guide guy habit had hadn't hair half hand hands handle handy hang
    happen happily happy hard hardly harm has hasn't hate have haven't having he head health hear heard heart heat
    heavy heck hell hello help helpful hence her here herself hey hi hide high hill him himself his history hit hold
    hole holiday home honest honestly hope horrible hospital hot hour house how however hug huge human hundred hungry
    hurry hurt husband ice idea if ill imagine immediately important impossible in indeed inform insist insists
    instead interest into isn't issue it its itself january job join joke joy july jump june just keen keep kept key
    kick kid kids kill kind kindly king kiss kitchen knee knew know known lady laid lamp land large last late later
    laugh law lay lazy lead leak lean learn least leave led left leg lend less lesson let letter level lie life lift
    light like likely limit line list listen little live living load loan local lock lonely long longer look looks
    lord lose loss lost lot loud love lovely low luck lucky lunch machine mad made magic main make man manage many
    march mark market married master match mate matter matters may maybe me meal mean means meant meanwhile meat meet
    meeting member memory mend mention mercy mere merry mess message messy met middle midnight might mile mind mine
    minor minute minutes miss missing mistake mix moment monday money month mood moon more morning most mother mouth
    move mr mrs much muscle music must my myself name narrow nasty natural nature near nearby nearly neat necessary
    neck need needs neighbour neighbor neither nervous never new news next nice night nine no nobody noise none noon
    nope nor normal north nose not note nothing notice november now nowhere number o'clock object obvious obviously
    ocean october odd of off offer office often oh ok okay old on once one only onto oops open opinion or orange order
    ordinary other others otherwise ought our out outside over own owe pack page paid pain paint pair pal panic paper
    pardon parent parents park part particular partly party pass past patience patient pay peace people perfect
    perfectly perhaps person phone photo pick picture piece pity place plain plan plant play pleasant please pleased
    pleasure plenty plus pocket point police polite poor popular position possible possibly post power practice prefer
    prepare present press pretty price private probably problem promise proper properly proud prove public pull pure
    purpose push put puzzle quarter queen question quick quickly quiet quietly quite race rain rainy raise ran rare
    rather reach read ready real realise realize really reason recent recently recommend regret relax rely remain
    remember remind repair repeat reply rescue rest return rich rid ride right ring rise risk road robot room rough
    round row rude ruin rule run rush sad sadly safe safely said sake same sat saturday save saw say says school sea
    search season second secret see seem seems seen self sell send sense sent september serious seriously serve set
    seven several shake shall shame shape share sharp she shine ship shock shop short shortly should shouldn't shout
    show shower shut shy sick side sight sign silly similar simple simply since sing single sir sister sit six size
    skin sleep sleepy slept slip slow slowly small smart smell smile smooth snow so social soft sold some somebody
    somehow someone something sometime sometimes somewhere son soon sooner sore sorry sort soul sound south space
    spare speak special specific speed spend spent spirit split spoke spot spring stage stand star stare start started
    state stay step stick still stomach stood stop storm story straight strange street stress strict strong stuck
    study stuff stupid style such sudden suddenly suffer sugar suggest suit summer sun sunday sunny supper supply
    suppose sure surely surprise sweet swim table take taken talk tall taste taught tea teach team tear tell ten tend
    terrible terribly test than thank thanks that that's the their them then there therefore these they thick thin
    thing think third thirsty this those though thought thousand three threw through throw thursday thus tidy tie till
    time times tiny tired title to today together told tomorrow tonight too took tooth top total totally touch tough
    toward towards town trade train travel treat tree tried trip trouble true truly trust truth try tuesday turn
    twelve twenty twice two type ugh ugly ultimately umm uncle under understand unfortunately unless unlike until up
    upon upset upstairs us use used useful user usual usually value various very via view visit visitor visitors voice
    vote wait wake walk wall want war warm warn was wash wasn't waste watch water wave way we weak wear weather
    wednesday week weekend weigh weight weird welcome well went were weren't west wet what whatever wheel when
    whenever where wherever whether which while whisper white who whole whom whose why wide wife wild will win wind
    window winter wise wish with within without woke woman won won't wonder wonderful wood fully lit nicer nicest word
    words wore work world worn worry worse worst worth would wouldn't wow write wrong wrote yard yeah year years yell
    yellow yes yesterday yet yo you young your yours yourself youth yummy zero wie geht es dir ist der das ein eine
    und nicht ich du er sie wir ihr bitte danke hallo gib mir den dem auf le la les un une des et est il elle nous
    vous je tu moi toi plaît merci bonjour donne mets sur dans el los las por hola gracias pon en che cosa fare lo gli
    una metti sul nella grazie ciao per ale ally ape arch bald bang bare bark barn bash bay bead beam bean bear beat
    beer bell bid bind bird boat boil bomb bond bone boot bore bowl brag brow bulk bull bump calf camp cape cave cell
    chat chef chin chip clap claw clay clue coal coat code coin cone core corn crab crew crop crow cure curl dawn deaf
    debt deck deer deny desk dial diet dish dive dock doll dome doom dose drag drum duck duty echo edge edit evil exam
    exit fade fake fame farm fate fee film firm fish fist flag flap flaw flee flip flow foam fog fond fork form fort
    foul fuel fuss gain gang gap gas gate gaze gear gem goal goat gold golf grab grin grip gulp hall halt ham harp
    hawk heal heap heel heir herb hero hike hint hire hood hook horn host hunt icon inch iron jail jam jar jaw jazz
    jet junk jury knit knot lace lack lake lamb lane lash lawn leap lens lick lid limb lime limp link lion lip loaf
    lobby log loop lump lung mail male mall mask mass mast maze melt menu mild milk mill mint mist mode mole monk moss
    moth mud mug mute myth nail nap navy nest net nod norm nut oak oath oil omit oral oven pace pact palm pan pane
    path paw peak pear peel peer pest pet pig pill pine pink pipe pit plea plot plug poem poet pole poll pond pool
    pope pork port pose pot pour pray prey pub pump punch rack raft rage rail ram rank rash rat rate raw ray rear reef
    rent rice rib riot rip ripe roar roast rob rock rod role roll roof root rope rose rot rub rug rust sack sail salad
    sale salt sand scan scar seal seat seed seek shed shoe shot sigh silk sin sink sip site skip slam slap slide slim
    slot smoke snack snap sock soda sofa soil sole solo song soup sour spa span spin spy stab stack staff stain stair
    stamp steam steel stem stir stone stool stove surf swan sway swap tail tale tank tap tape task tax taxi tent term
    tide tile tin tip toad toe toll tomb ton tone tool toss tour tow toy trap tray trim trot tub tube tune twin urge
    vain van vase vast veil vein vest vet vine void wage wagon wax weed weep whip whistle wig wing wipe wire wit wolf
    wool worm wrap wrist yarn yawn zip zone zoo ann anna ben bob dan eve jack jane jim joe john kate leo lisa lucy max
    mike nick paul pete rosa sam sara tim tom haste hasty loudly softly neatly
""")
