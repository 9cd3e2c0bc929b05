"""First names, so that a name in running words is seen as one, and forms of one name for the same person."""

from desk.connections.wordlists import words

# Each line is one name: what people also call or spell it.
_SAME = """
    david dave davey davy davie dai
    daniel dan danny dani
    john jon johnny jonny johnnie jack jackie
    jonathan jonathon jono jonny
    michael mick mike mickey micky mikey mihai mykel micheal
    anthony tony tone antony ant
    robert rob bob bobby robbie bobbie
    richard rich rick ricky dick richie
    william will bill billy willy liam
    james jim jimmy jamie jimbo
    joseph joe joey
    stephen steve steven stevie ste
    christopher chris kris topher
    matthew matt mat mathew matty
    andrew andy drew
    thomas tom tommy thom
    nicholas nick nicky nicolas nico
    peter pete piotr
    paul pauly pawel pavel
    benjamin ben benny
    samuel sam sammy
    alexander alex sasha aleksandr aleksander alexandru alek alexandr al
    edward ed eddie ted teddy ned
    charles charlie chas chuck charley
    patrick pat paddy patryk
    kenneth ken kenny
    ronald ron ronnie
    raymond ray
    terence terry terrence tel
    gerald gerry jerry
    gary gaz gazza garry
    barry baz bazza
    darren daz dazza darran
    sharon shaz shazza
    lawrence larry laurence loz
    leonard len lenny
    lee leigh
    sean shaun shawn
    stuart stewart stu
    geoffrey jeff geoff jeffrey
    jason jay jase
    joshua josh
    jacob jake
    zachary zach zak zack
    nathan nate nathaniel
    dominic dom dominik
    marcus mark marc marek
    luke lukasz lucas luca
    martin marty marcin
    graham graeme grahame
    callum calum cal
    connor conor conner
    aaron arron aron
    craig kraig
    carl karl
    eric erik
    philip phil phillip filip
    gregory greg grzegorz
    timothy tim
    simon si
    vincent vince vinny vinnie
    frank francis frankie
    harold harry henry hal
    elizabeth liz lizzie beth betty eliza elisabeth
    catherine kate katie kathy cathy katherine katy kath kathryn katarzyna kasia
    margaret maggie meg peggy marge
    jennifer jen jenny jenna
    rebecca becky becca bex
    victoria vicky vicki tori
    susan sue suzie suzy
    samantha sam sammy
    alexandra alex sandra ali
    patricia pat trish tricia
    deborah deb debbie debs debra
    christine chris chrissy christina tina kristina cristina
    jacqueline jackie jacqui
    nicola nicky nikki
    stephanie steph
    anna ann anne annie ania
    maria mary marie mariya
    natalia natasha nataliya natalie
    mohammed muhammad mohamed mohammad muhammed mohamad mo mohamud mohammod
    ahmed ahmad achmed ahmet
    hussein hussain husain husein hossein
    hassan hasan hasan
    yusuf yousef youssef yousuf yusef yosef
    omar umar omer
    ibrahim ebrahim ibraheem abraham
    abdul abdel abdullah abdallah
    ali aly
    mustafa mustapha moustafa
    khalid khaled
    tariq tarek tarik
    rashid rasheed
    saeed said saed
    jamal gamal jamaal
    karim kareem
    usman osman uthman
    imran emran
    asif aseef
    amir ameer
    faisal faysal
    bilal belal
    sergei sergey serhiy serghei
    dmitri dmitry dmytro dima dimitri dumitru
    andrei andrey andriy andrzej
    mikhail misha mykhailo
    nikolai nikolay nicolae mykola
    yuri yuriy iuri
    vladimir volodymyr vlad vova
    ivan ion ioan iwan
    gheorghe george georgi giorgi jorge
    stefan stephan szczepan
    florin florian
    marius mariusz
    krzysztof krysztof
    tomasz tomas thomasz
    wojciech wojtek
    zbigniew zbyszek
    jozef josef
    erjon erion
    ardit ardian
    fatmir fatos
    agron
    arben ben
    besnik nik
    driton
    artan
    gentian genti
    klajdi klaidi
    nguyen
    minh
    mehmet mehmed
"""
_MORE = words(
    """
    angharad dafydd gethin carys sian eleri bronwen huw iolo ceri ieuan emyr gwyn francois pierre jacques
    michel philippe laurent yves thierry jianwei xiaoling xiaoming weijie meiling jurgita egle rasa vytas
    delroy leroy winston errol joao jose paulo tiago rui nuno thiago matheus bruno jurgen hans klaus
    gunter dieter uwe bjorn lars sven anders nils soren amelie camille antoine olivier etienne kelechi
    obinna chukwu amara zanele thabo sipho lwazi mandla nkosi hung tien khoa duy minh dieu levan giorgi
    zurab nino irakli gocha tamar ewelina danuta bozena halina jadwiga urszula zofia barbora petra zuzana
    katya ludmila larisa galina ravinder sukhwinder harjit baljit parminder jasvinder amarjit gurdeep
    sanjeev anand lakshmi sunita kavita pooja neha rekha meena savita serkan tolga erdem orhan selim ercan
    parveen shabana rukhsana yasmeen nasreen farzana sameena karim levi otis cedric everton desmond clive
    lloyd tafari kwabena darek mirek olek tomek bartek gosia ola lukas mateus adam adrian aidan alan allan
    allen alfie alice alison amanda amber amy angela angelo anita anton archie arthur ashley ashleigh
    barbara bernard beverley blake bradley brad brandon brenda brett brian bryan bruce cameron carol
    caroline carlos cheryl chloe claire clare colin courtney curtis cyril dale damian damien damon dean
    debbie declan denise dennis derek derrick diane diego dominic donald donna donovan dorothy douglas
    duncan dwayne dylan elaine eleanor elena elijah ella ellie elliot elliott emily emma emmanuel ethan
    eva evan faith fatima felix fiona finn fernando gareth gavin gemma geraint gillian glen glenn gordon
    grace grant gwen hamza hannah harriet harrison harvey hayley heather heidi helen hugh hugo ian iain
    irene iris isaac isabel isla ismail ivor jade jan jane janet janice jasmine jasper jayden jean jeremy
    jermaine jerome jesse jessica jill joan joanna joanne jordan jorge josephine joyce juan judith julia
    julian julie justin karen kayleigh keith kelly kelvin kerry kevin kieran kieron kim kirk kirsty kyle
    kyra lauren laura leah leanne leo leon leslie lewis lily linda lindsay lisa logan lola lorraine louis
    louise lucy luis lydia lynn lynne malcolm mandy marcel marco marilyn mario marlon marvin mason maureen
    maurice max maxine maya megan melanie melissa michelle miguel miles mitchell mohsin molly monica
    morgan muriel naomi natalie neil nigel nina noah noel norman oliver olivia oscar owen pamela pascal
    paula pauline pedro penny perry rachel rafael ralph ramon randy reece regan reuben rhys riley rita
    roger rohan roland roman rory rosie ross roxanne roy ruby rupert russell ruth ryan sabrina sadie sally
    santiago sara sarah saul scott sebastian shane shannon sheila shelley sheryl sidney silvia sofia sonia
    sophia sophie stacey stanley stella sylvia tanya tara tasha tanisha taylor teresa theo theresa tiffany
    tina toby todd tracey tracy travis trevor tristan troy tyler tyrone valerie vanessa vera vernon
    veronica victor viktor vivian wallace walter wanda warren wayne wendy wesley yasmin yvonne zoe zara
    abbas abdi aisha akash amit amina anil anwar arif arjun arshad aslam azhar babar dawood deepak dilip
    farah farhan farooq fahad gurpreet harpreet haroon hamid idris ikram iqbal irfan ishaan jaspal
    jaswinder junaid kabir kamal kamran kuldeep manjit mansoor mahmood mehmood mukhtar nadeem nadia nasir
    naveed nazir nikhil pradeep priya qasim rafiq rahim raheem rahul raj rajesh raju rakesh ramesh ranjit
    ravi rehan rizwan rohit sabir sadiq saima sajid salim saleem salman samir sanjay shabir shahid shakeel
    shakil sharif shazia sohail suleman sultan sunil suresh tahir tanveer vijay vikram wasim waseem yasir
    younis zafar zahid zain zainab zeeshan zubair adnan emre burak kemal murat hakan ozan volkan yilmaz
    kadir ismet agim albert alban albin aldo altin arbnor armend arlind astrit bekim bledar blerim bujar
    dardan edmond elvis endrit ergys ermal erald fisnik flamur florjan gezim granit ilir kastriot kreshnik
    kushtrim kujtim luan lulzim marsel mentor naim orges petrit pellumb qemal redon renato sokol shpend
    shkelqim skender taulant valon visar xhevat ylli alin bogdan catalin ciprian claudiu constantin cosmin
    costel costin cristi cristian dan daniela danut doru dorin dragos eduard emil eugen florentina gabriel
    gabriela gavril horia iacob ilie ileana ionel ionut iulian laurentiu liviu lucian marian marin mircea
    mirela nelu nicu octavian ovidiu petre petru radu raul razvan remus robertu romeo sandu silviu simona
    sorin stelian tiberiu traian tudor valentin vasile viorel virgil agnieszka aleksandra anna arkadiusz
    artur bartosz blazej boguslaw czeslaw dariusz dawid edyta ewa grazyna henryk ireneusz jacek jakub
    janusz jarek jaroslaw jerzy kamil karol karolina konrad leszek maciej magda magdalena malgorzata marek
    mariola mateusz miroslaw monika norbert przemek przemyslaw radek radoslaw rafal robert ryszard slawek
    slawomir stanislaw sylwia szymon tadeusz waldemar wieslaw witold zdzislaw zenon aivars andris arturas
    arvydas darius gintaras juris kestutis linas mantas mindaugas raimondas rimantas rokas tomas valdas
    vytautas zydrunas anatoly arkady boris denis egor gennady igor ilya kirill konstantin leonid maksim
    maxim oleg oleksandr olga pavlo ruslan stanislav svetlana taras timur tatiana vadim valery vasily
    vitaly yaroslav yevgeny zhanna dimitar ivaylo hristo georgi krasimir kaloyan plamen stoyan todor
    tsvetan veselin anh bao binh chau cuong dat dung duc duong giang hai hanh hien hieu hoa hoang huong
    huy khanh lam lan linh long mai nam nga ngoc nhung phong phuc phuong quan quang quyen son tam tan
    thanh thao thi thu thuy toan trang trung tuan tung tuyen van viet vinh vu xuan yen chen fang feng hong
    jian jing jun lei liang ling ming ping qiang wei xiao xin yan yang ying yong yun zhen zhi adebayo ade
    ayo bola chidi chinedu chioma dele emeka femi ifeanyi ikechukwu kehinde kofi kwame lanre nkechi ngozi
    obi olu oluwaseun seun segun temitope tunde uche yaw yinka tendai tinashe tariro kwasi jamar tyrell
    tyreese kadeem kai rico romell shaquille biniam filmon mehari tesfay yonas dawit samuel robel hiwot
    selam abel berhane bereket kidane sherwan hiwa karwan rebin rebwar saman soran aram azad barzan
    dilshad hewa kawa newroz omed sarkawt shwan
    """
)
# Words of everyday English as well: only a capital and a surname behind them make them names.
WORDS_TOO = words(
    """
    mark will bill rob jack frank may rose grace hope faith art dale dean drew grant guy harry jay jean
    joy june lance lee max miles nick pat pete ray rich rod roman sandy scott sue ted tom tony van long
    son dung hung lan mai nam tan thi toan binh van linh an chance chase chris christian dan dawn don
    duke earl eve gene glen hank hazel holly ivy jade josh joe kay ken kerry kit mason mercy mike olive
    page paris penny pierce reed ross ruby sterling summer taylor troy victor wade ward wei young ping
    yen sale mo al si ed will said ant tone tel bow ali sam ben mentor page rim drew baz marcel marin
    sultan sharif romeo elvis viet wan chain hill
    """
)
GROUPS: dict[str, frozenset[str]] = {}
_lines = [line.split() for line in _SAME.strip().splitlines()]
for _line in _lines:
    for _name in _line:
        GROUPS[_name] = GROUPS.get(_name, frozenset()) | {_line[0]}
FIRST = frozenset(GROUPS) | frozenset(_MORE)
COMMON_SURNAMES = words(
    """
    smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white
    roberts green hall wood jackson clarke clark harris lewis khan patel ali ahmed hussain begum singh
    kaur martin cooper king lee turner hill ward moore morris harrison morgan baker scott young allen
    mitchell anderson james watson parker bennett campbell cook bell shaw miller stewart murphy kelly
    murray nguyen tran popescu ionescu popa kowalski nowak hoxha shehu islam miah rahman chowdhury
    mohammed muhammad akhtar bibi mahmood iqbal malik shah hassan ibrahim mohamed
    """
)


def forms(name: str) -> frozenset[str]:
    """Give what ``name`` (small letters) is short for, or another spelling of, or else itself."""
    return GROUPS.get(name, frozenset({name}))
