import Sandbox
import Testing

@Suite struct FaultPlanTests {
    @Test(arguments: [
        "429@3", "500:0.1", "503@2x5", "reset@4", "slow@6=2s", "drift=2", "drift=2x5", "expire=1", "vanish=1x3",
        "bomb@4=100", "drip@2", "429-date@3", "total=-7", "repeat-last",
        "html:1.0", "500", "withdraw=50@3", "other-organization=2", "date=3600", "date=-86400", "date=none",
        "date=garbled", "swing=5000", "dice=1000", "endless", "odd=7", "odd-times=3", "disorder=4", "end=404",
        "end=null", "refuse=403@2", "huge=80", "slow:0.5=3",
    ])
    func readsWhatIsDocumented(text: String) throws {
        _ = try FaultPlan(parsing: [text])
    }

    @Test(arguments: [
        "", "teapot@3", "500:2", "500:x", "429@x", "429@1x", "429@", "500=abc", "endless=1", "repeat-last=1", "end=x",
        "refuse=403", "drift", "drift=x", "drift=2x", "vanish=-1", "withdraw=5",
        "date=soon", "odd=-1", "dice=0",
    ])
    func refusesOthersAndSaysWhatIsAccepted(text: String) {
        let error = #expect(throws: FaultPlan.Unknown.self) { try FaultPlan(parsing: [text]) }
        #expect(error?.description.contains("429") == true)
    }
}
