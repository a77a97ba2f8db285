"""The interface texts of a package, in the language that `say` speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Say = Callable[..., str]


def interface_words(say: Say) -> Mapping[str, str]:
    """English text -> the text in the language."""
    return dict(zip(_texts(lambda text: text), _texts(say), strict=True))


def _texts(say: Say) -> list[str]:
    return [
        say("%(done)s of %(total)s pages"),
        say("%(hours)s h"),
        say("%(hours)s h %(minutes)s min"),
        say("%(minutes)s min"),
        say("%(passed)s of %(total)s modules passed"),
        say("%(percent)s%%"),
        say("(decision %(number)s)"),
        say(
            "A copy is kept in this browser on this device. Come back with the same browser, and you go on "
            "where you were."
        ),
        say(
            "A copy of the same is kept in this browser, so that nothing is lost when the platform fails. "
            "Nothing is sent to anybody else."
        ),
        say("A made-up case"),
        say("A person in need could have been missed"),
        say("A question without an answer counts as wrong. You can go back and answer, or submit as it is."),
        say("About this package"),
        say("Afterwards you see the reason for every option."),
        say("Answer question %(number)s."),
        say("Asking, or calling for advice, would have kept the door open:"),
        say("Attempt %(number)s"),
        say("Back to the last decision"),
        say("Begin"),
        say("Begin again"),
        say("Begin anew"),
        say("Begin here"),
        say("Begin the quiz"),
        say("Cases to practise with"),
        say("Choose"),
        say("Choose a pair for each."),
        say("Choose all that are right. There are two or more."),
        say("Choose one."),
        say("Choose what you do first."),
        say("Contacts"),
        say("Course"),
        say("Course map"),
        say("Decide and see what follows"),
        say("Decide this otherwise"),
        say("Decision %(number)s"),
        say("End and return to the platform"),
        say("Glossary"),
        say("Go on"),
        say("Go on with the earlier work"),
        say("Go to the module"),
        say("Go to the quiz"),
        say("Gone through"),
        say(
            "Here a mistake costs nothing: this is where to make it. Two kinds are told apart, because they "
            "are mended in different ways."
        ),
        say("Here the case ends"),
        say(
            "In each case you decide what to do, and you see what follows. Nobody gives you points, and you "
            "may go back and try another way."
        ),
        say("Kept in this browser only."),
        say("Language"),
        say("Locked"),
        say("Main"),
        say("Mark as read and go on"),
        say("Module"),
        say("Module %(number)s"),
        say("Module %(number)s:"),
        say("Modules before and after"),
        say("Modules passed"),
        say("More cases"),
        say("Next"),
        say("Next for you"),
        say("Next: %(title)s"),
        say("Not answered"),
        say("Not begun"),
        say("Not kept."),
        say("Not open yet"),
        say("Not passed yet"),
        say("Not read yet"),
        say("Not right"),
        say("Not saved – kept on this device"),
        say("Not taken yet"),
        say("On this page"),
        say("Open"),
        say("Optional"),
        say("Page %(number)s of %(total)s"),
        say("Pages before and after"),
        say("Pages of this module"),
        say("Partly right"),
        say("Pass mark %(percent)s%%"),
        say("Passed"),
        say("Place %(number)s"),
        say("Previous"),
        say("Put these in order. Choose one for each place."),
        say("Question %(number)s of %(total)s"),
        say("Question by question"),
        say("Questions fully right: %(right)s of %(total)s."),
        say("Questions: %(draw)s, drawn from %(total)s."),
        say("Quick exit"),
        say("Quiz"),
        say("Quiz not passed yet: %(title)s"),
        say("Quiz passed: %(title)s"),
        say("Quiz: %(title)s"),
        say("Read"),
        say("Read: %(title)s"),
        say("Right"),
        say("Right, but you did not choose it"),
        say("Saved"),
        say("Saving…"),
        say("See the last attempt: %(percent)s%%"),
        say("Skip to the content"),
        say("Some questions have no answer"),
        say("Someone may go without help"),
        say("Someone’s safety could have suffered"),
        say("Sources of this page"),
        say("Submit anyway"),
        say("Submit the answers"),
        say("Terms"),
        say(
            "The keys of the quizzes travel with the package. Whoever can read its files can find the right "
            "answers. The quizzes are for learning; where a result must be trusted, take the course on its "
            "own site."
        ),
        say("The keys travel with the package"),
        say(
            "The learning platform begins anew. On this device there is a copy of your earlier work: pages "
            "read %(pages)s. Which do you want?"
        ),
        say(
            "The learning platform does not save your work now. We try again by ourselves. Leave this window "
            "open, or tell those who look after the platform."
        ),
        say("The learning platform had less of your work than this device. What was missing has been put back."),
        say(
            "The learning platform keeps how far you are, so that you can go on later: pages read, your last "
            "answers in each quiz, your way through the cases. It is told your score and your completion. No "
            "report is made of single answers."
        ),
        say(
            "The learning platform did not let the course begin, so it is told nothing of this visit. Open the course "
            "again from the platform, or tell those who look after it."
        ),
        say("The learning platform or the network did not give it. What you have done is not lost."),
        say(
            "The learning platform said that it had saved your work, but does not give it back. Tell those "
            "who look after the platform."
        ),
        say(
            "The learning platform says that you have been here before, but gave nothing back, and this "
            "device has no copy. Tell those who look after the platform."
        ),
        say(
            "The package gives no certificate. What the learning platform shows of a completion is the platform’s own."
        ),
        say("The pass mark is %(percent)s%%."),
        say("The texts are free to use under the licence %(licence)s."),
        say("The wish to help was right, the step was not safe yet:"),
        say("There is earlier work on this device"),
        say(
            "The platform does not say who you are, so a copy is kept in this window only. It is gone when you close "
            "it."
        ),
        say(
            "Look at the platform’s own page when you are done. If it does not show what you have done, tell those "
            "who look after it."
        ),
        say("There is no time limit. Your answers are saved as you go."),
        say("These modules are optional. Take them if you wish:"),
        say("This browser keeps nothing either. What you do now is gone when you close this window."),
        say("This helps"),
        say(
            "This is the course as a package. It is made of the same texts and follows the same rules as the "
            "course’s own site."
        ),
        say("This may put someone at risk"),
        say("This module opens when you have passed: %(titles)s."),
        say("This page did not load"),
        say(
            "This visit has ended. Open the course again from the learning platform; what you do here now is not "
            "told to it."
        ),
        say("This page was opened outside a learning platform, so no platform is told what you do."),
        say("This rests on: %(title)s"),
        say("Try again"),
        say("Under way"),
        say("What do you do?"),
        say("What your choices would have cost"),
        say("When you have done this"),
        say("Where you are"),
        say("Whoever can read the files of this package can find the right answers. This quiz is for learning."),
        say("Whom to contact"),
        say("Worth reading again"),
        say("Wrong"),
        say("You are here"),
        say("You are looking back: nothing is recorded now."),
        say("You chose:"),
        say("You have completed the course"),
        say("You have completed this module"),
        say("You have passed every module that the course requires."),
        say("You have passed every module."),
        say(
            "You have passed, but the learning platform did not take this in. Show this page to those who "
            "look after the platform."
        ),
        say("You have read this page."),
        say("You may try as many times as you like."),
        say("You pass with %(percent)s%%."),
        say("Your answer, and right"),
        say("Your answer, not right"),
        say("Your decisions so far: %(number)s"),
        say("Your earlier work is not here"),
        say("Your pair: %(given)s. Right pair: %(wanted)s."),
        say("Your place: %(given)s. Right place: %(wanted)s."),
        say("Your work is here"),
        say("Your work is not in the learning platform"),
        say("edition %(edition)s"),
    ]


def without_script(say: Say) -> str:
    """What a browser shows that runs no JavaScript."""
    return say("This course needs JavaScript. Allow it for this page, or read the handbook on the course’s own site.")
