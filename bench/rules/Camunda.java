// A table for cases given as JSON by Camunda's DMN engine, as often as fits in the seconds given.
// Usage: java Camunda.java MODEL.dmn DECISION CASES.json SECONDS RESULTS
import com.google.gson.Gson;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;

public class Camunda {
    private static double seconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    private static double run(DmnEngine engine, DmnDecision decision, List<Map<String, Object>> cases, double limit) {
        double start = seconds();
        long done = 0;
        do {
            engine.evaluateDecisionTable(decision, cases.get((int) (done++ % cases.size())));
        } while (seconds() - start < limit);
        return done / (seconds() - start);
    }

    public static void main(String[] args) throws Exception {
        Gson gson = new Gson();
        List<Map<String, Object>> cases = new ArrayList<>();
        for (Object one : gson.fromJson(Files.readString(Path.of(args[2])), List.class))
            cases.add((Map<String, Object>) one);
        DmnEngine engine = DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();
        DmnDecision decision = engine.parseDecision(args[1], Files.newInputStream(Path.of(args[0])));
        double limit = Double.parseDouble(args[3]);
        run(engine, decision, cases, limit); // warm: the compiler of the machine needs as long
        double rate = run(engine, decision, cases, limit);
        List<Object> results = new ArrayList<>();
        for (Map<String, Object> one : cases.subList(0, Math.min(Integer.parseInt(args[4]), cases.size())))
            results.add(engine.evaluateDecisionTable(decision, one).collectEntries("o"));
        System.out.println(gson.toJson(Map.of("rate", Math.round(rate * 100) / 100.0, "results", results)));
    }
}
