import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.util.TreeSet;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/** Validates files with veraPDF. Reads lines "flavour TAB path", and answers each with "PASS" or "FAIL TAB the broken rules". */
public class VeraPdf {
    public static void main(String[] none) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line; (line = questions.readLine()) != null; ) {
            String[] parts = line.split("\t", 2);
            System.out.println(validate(PDFAFlavour.fromString(parts[0]), profile(parts[0]), parts[1]));
        }
    }

    private static ValidationProfile profile(String flavour) throws Exception {
        String name = flavour.equals("ua1") ? "PDFUA-1" : "PDFA-" + flavour.toUpperCase();
        return Profiles.profileFromXml(
            VeraPdf.class.getResourceAsStream("/org/verapdf/pdfa/validation/" + name + ".xml"));
    }

    private static String validate(PDFAFlavour flavour, ValidationProfile profile, String path) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(path), flavour)) {
            ValidationResult result = Foundries.defaultInstance().createValidator(profile, false).validate(parser);
            TreeSet<String> broken = new TreeSet<>();
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    broken.add(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage());
                }
            }
            // A file without any assertion was not looked at.
            boolean passed = result.isCompliant() && result.getTotalAssertions() > 0;
            return (passed ? "PASS" : "FAIL") + "\t" + String.join("; ", broken).replace('\n', ' ');
        }
    }
}
