import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * Asks HAPI FHIR of studies that were converted between versions: what was converted has no error
 * that the study did not have before.
 *
 * <p>Arguments: the folder that the example `interop` of imaging-study-validate wrote, and the list
 * of known differences.
 */
public final class Interop {
  private static final List<String> VERSIONS = List.of("dstu2", "stu3", "r4", "r4b", "r5");

  /** An error that is expected, and why. */
  private record Known(Pattern pair, Pattern message, Pattern place, String reason) {
    boolean fits(String pair, SingleValidationMessage message) {
      return this.pair.matcher(pair).matches()
          && this.message.matcher(kind(message)).matches()
          && place.matcher(message.getLocationString()).find();
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<Known> known = known(Path.of(arguments[1]));
    Map<String, FhirValidator> validators = new LinkedHashMap<>();
    for (String version : VERSIONS) {
      validators.put(version, validator(version, folder.resolve(version + "-definitions.ndjson")));
    }
    int failed = 0;
    int[] used = new int[known.size()];
    for (String from : VERSIONS) {
      List<Set<String>> before = new ArrayList<>();
      for (String study : lines(folder, from, from)) {
        Set<String> kinds = new HashSet<>();
        for (SingleValidationMessage message : errors(validators.get(from), study)) {
          kinds.add(kind(message));
        }
        before.add(kinds);
      }
      for (String to : VERSIONS) {
        if (to.equals(from)) {
          continue;
        }
        String pair = from + ">" + to;
        List<String> studies = lines(folder, from, to);
        int accepted = 0;
        for (int index = 0; index < studies.size(); index++) {
          boolean good = true;
          for (SingleValidationMessage message : errors(validators.get(to), studies.get(index))) {
            if (before.get(index).contains(kind(message))) {
              continue;
            }
            int expected = first(known, pair, message);
            if (expected >= 0) {
              used[expected]++;
              continue;
            }
            good = false;
            System.out.println(pair + " line " + (index + 1) + ": " + kind(message) + " at "
                + message.getLocationString() + ": " + message.getMessage());
          }
          accepted += good ? 1 : 0;
        }
        failed += studies.size() - accepted;
        System.out.println(pair + ": " + accepted + " of " + studies.size());
      }
    }
    for (int index = 0; index < used.length; index++) {
      System.out.println("known, " + used[index] + " times: " + known.get(index).reason());
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  private static int first(List<Known> known, String pair, SingleValidationMessage message) {
    for (int index = 0; index < known.size(); index++) {
      if (known.get(index).fits(pair, message)) {
        return index;
      }
    }
    return -1;
  }

  /** What kind of message it is; the JSON reader gives its own none. */
  private static String kind(SingleValidationMessage message) {
    return message.getMessageId() == null ? "parse" : message.getMessageId();
  }

  private static List<SingleValidationMessage> errors(FhirValidator validator, String study) {
    List<SingleValidationMessage> errors = new ArrayList<>();
    for (SingleValidationMessage message : validator.validateWithResult(study).getMessages()) {
      if (message.getSeverity() == ResultSeverityEnum.ERROR
          || message.getSeverity() == ResultSeverityEnum.FATAL) {
        errors.add(message);
      }
    }
    return errors;
  }

  private static List<String> lines(Path folder, String from, String to) throws IOException {
    return Files.readAllLines(folder.resolve(from + "-" + to + ".ndjson"));
  }

  private static List<Known> known(Path file) throws IOException {
    List<Known> known = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] columns = line.split("\t");
      known.add(new Known(Pattern.compile(columns[0]), Pattern.compile(columns[1]),
          Pattern.compile(columns[2]), columns[3]));
    }
    return known;
  }

  private static FhirContext context(String version) {
    return switch (version) {
      case "dstu2" -> FhirContext.forDstu2Hl7Org();
      case "stu3" -> FhirContext.forDstu3();
      case "r4" -> FhirContext.forR4();
      case "r4b" -> FhirContext.forR4B();
      default -> FhirContext.forR5();
    };
  }

  @SuppressWarnings("deprecation")
  private static FhirValidator validator(String version, Path definitions) throws IOException {
    FhirContext context = context(version);
    PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(context);
    for (String line : Files.readAllLines(definitions)) {
      ours.addStructureDefinition(context.newJsonParser().parseResource(line));
    }
    UnknownCodeSystemWarningValidationSupport systems =
        new UnknownCodeSystemWarningValidationSupport(context);
    systems.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
    FhirInstanceValidator validator = new FhirInstanceValidator(new ValidationSupportChain(
        new DefaultProfileValidationSupport(context), ours,
        new SnapshotGeneratingValidationSupport(context),
        new InMemoryTerminologyServerValidationSupport(context),
        new CommonCodeSystemsTerminologyService(context), systems));
    validator.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    validator.setErrorForUnknownProfiles(false);
    return context.newValidator().registerValidatorModule(validator);
  }
}
